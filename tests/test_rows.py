"""Which test shows what of each row of the battery of faults: each is there, under that name."""

import ast
from pathlib import Path

import pytest

from mangacrawl import settings
from tests.battery import ADDRESSES, ROWS

TESTS = Path(__file__).parent
PACKAGE = Path(settings.__file__).parent

BATTERY = "battery.a_page_is_stored_as_served_or_fails_with_its_reason"
"""Its rows have the battery's ids: `pytest -k H14`."""

SHOWN_BY = {
    "H1": (
        "pool.a_site_that_names_a_time_is_left_alone_until_then",
        "endings.a_site_that_wants_to_be_left_alone_for_an_hour_is",
        "waits.what_a_site_asks_for",
    ),
    "H2": (BATTERY, "window.a_window_is_cut_once_a_round_trip"),
    "H3": ("pool.a_site_that_breaks_is_spared_and_loses_nothing",),
    "H4": (BATTERY,),
    "H5": (BATTERY, "endings.an_index_that_is_refused_names_its_status"),
    "H6": (BATTERY, "endings.an_index_that_is_refused_names_its_status"),
    "H7": ("stalls.fifty_bodies_that_drip_and_one_that_is_silent_cost_their_pages_alone",),
    "H8": ("stalls.fifty_bodies_that_drip_and_one_that_is_silent_cost_their_pages_alone",),
    "H9": (BATTERY,),
    "H10": (BATTERY,),
    "H11": (BATTERY,),
    "H12": (
        "bodies.no_picture_takes_more_than_its_32_mib",
        "bodies.no_page_takes_more_than_its_10_mib",
        "bodies.an_index_that_is_too_large_ends_in_8",
    ),
    "H13": ("bodies.no_picture_takes_more_than_its_32_mib",),
    "H14": (BATTERY,),
    "H15": (
        "guard.no_private_address_comes_out_of_the_resolver",
        "guard.no_spelling_of_a_private_address_is_connected_to",
        "guard.no_redirect_leads_to_a_private_address",
        "guard.a_name_that_changes_its_address_is_no_way_round",
    ),
    "H16": (
        "guard.no_other_scheme_than_http_is_fetched",
        "guard.no_redirect_leads_to_another_scheme",
    ),
    "H17": (
        "leaks.a_redirect_to_another_host_takes_nothing_along",
        "leaks.a_redirect_to_plain_http_takes_nothing_along",
    ),
    "H18": (
        "endings.a_host_that_has_no_address_ends_in_4",
        "endings.a_site_that_is_down_ends_in_4",
        "certificates.a_bad_certificate_ends_in_4_and_a_plain_reason",
        "certificates.a_host_can_be_excepted_by_name_and_no_other_is",
        "leaks.a_proxy_that_is_down_ends_in_4",
        "leaks.a_proxy_that_will_not_ends_in_4",
    ),
    "H19": (
        "endings.what_robots_txt_forbids_ends_in_6_without_a_request",
        "endings.a_robots_txt_that_is_not_there_allows_all",
        "endings.a_robots_txt_that_fails_forbids_all",
        "refusals.a_robots_txt_that_does_not_come_ends_in_4",
        "refusals.of_a_robots_txt_of_ten_megabytes_the_beginning_counts",
    ),
    "H20": (
        BATTERY,
        "refusals.an_obstacle_is_named_and_not_passed",
        "refusals.chapters_behind_a_challenge_end_in_6_and_the_site_is_left_alone",
    ),
    "H21": ("leaks.a_cookie_for_others_is_not_kept",),
    "I1": (BATTERY,),
    "I2": (BATTERY,),
    "I3": (BATTERY, "corpus.a_damaged_picture_is_refused_or_read_and_never_a_crash"),
    "I4": (BATTERY, "judges.a_judge_finds_nothing_wrong"),
    "I5": (BATTERY, "fit.only_the_first_frame_of_an_animation_is_shown"),
    "I6": (
        BATTERY,
        "fit.a_picture_of_any_mode_is_as_dark_as_its_reference",
        "fit.what_is_transparent_is_white",
        "fit.a_transparent_colour_of_a_palette_is_white",
        "fit.sixteen_bits_are_scaled_and_not_clipped",
        "fit.a_page_stands_as_exif_says",
    ),
    "I7": (BATTERY, "bodies.large_pictures_are_decoded_one_at_a_time"),
    "I8": ("corpus.a_damaged_picture_is_refused_or_read_and_never_a_crash",),
    "I9": (BATTERY, "fit.nothing_but_the_picture_is_kept"),
    "P1": (BATTERY, "links.a_link_leads_where_a_browser_goes"),
    "P2": ("walks.a_page_shown_twice_is_fetched_once_and_stands_in_each_of_its_places",),
    "P3": (
        "chapters.a_chapter_listed_twice_is_there_once",
        "chapters.the_latest_version_of_a_chapter_stays",
        "chapters.a_chapter_without_number_follows_the_one_it_follows_on_the_site",
        "chapters.any_numbers_come_in_their_order",
        "copies.missing_numbers_are_gaps",
        "copies.a_chapter_is_numbered_in_every_spelling",
        "releases.another_chapter_of_a_higher_version_takes_the_place_of_the_first",
    ),
    "P4": ("traps.a_chapter_without_pages_is_said_and_makes_no_volume",),
    "P5": (
        "traps.an_index_without_end_ends_in_8_before_any_chapter",
        "traps.a_chapter_without_end_ends_in_8_and_keeps_what_it_brought",
    ),
    "P6": (
        "traps.a_chapter_without_end_ends_in_8_and_keeps_what_it_brought",
        "traps.a_link_back_is_an_end",
        "traps.a_second_run_meets_the_same_limit",
    ),
    "P7": (
        "offsite.a_link_off_the_site_is_named_and_not_followed",
        "offsite.an_image_may_be_on_another_site",
        "traps.a_menu_that_leads_into_another_series_costs_its_chapter_and_is_not_followed",
    ),
    "P8": (
        "update.a_chapter_put_in_the_middle_recuts_from_there",
        "update.an_expired_image_address_has_its_reader_page_read_again",
        "update.an_image_that_is_refused_at_the_same_address_is_not_asked_for_again",
        "releases.a_new_release_wins_once_it_is_whole",
    ),
    "P9": (
        "refusals.a_list_that_has_lost_its_chapters_ends_in_5_and_removes_nothing",
        "parsers.where_there_are_no_chapters_any_more_the_error_names_what_was_looked_for",
    ),
    "P10": (
        "parsers.a_parser_gives_records_or_our_error_and_soon",
        "parsers.a_page_made_to_choke_on_is_refused_or_read_soon",
        "long_text.a_long_run_of_anything_is_read_soon",
        "bodies.a_page_that_is_all_tags_is_not_parsed",
        "traps.a_page_that_its_parser_never_comes_to_the_end_of_costs_its_chapter_and_ends_in_8",
    ),
    "N1": ("naughty.any_title_is_a_legal_name", "naughty.a_naughty_title_is_a_legal_name"),
    "N2": ("safe.hostile_titles", "naughty.every_name_comes_back_from_a_fat_file_system"),
    "N3": (
        "naughty.names_that_a_file_system_takes_for_one_are_found_out",
        "hostile_text.series_of_one_name_to_a_file_system_have_folders_of_their_own_for_good",
        "naughty.ids_that_differ_have_keys_that_differ_on_every_file_system",
    ),
    "N4": (
        "naughty.any_title_makes_xml_and_one_line",
        "hostile_text.other_programs_find_no_fault_in_the_volumes",
    ),
    "N5": (
        "hostile_text.every_xml_and_page_is_well_formed_and_holds_no_script_of_the_sites",
        "web.hostile_titles_are_text_everywhere",
        "web.a_script_in_a_page_would_not_run",
    ),
    "N6": (
        "recovery.of_a_strange_cbz_in_the_library_nothing_is_taken_and_nothing_gets_out",
        "originals.a_bomb_is_not_unpacked",
        "originals.whatever_is_in_the_archive_the_page_is_right_or_refused",
    ),
    "N7": (
        "traps.a_symlink_for_a_page_is_not_followed_out_of_the_output",
        "traps.an_output_that_is_a_symlink_is_the_users_own_will",
        "traps.a_folder_in_the_place_of_a_page_ends_in_7_and_stays",
    ),
    "N8": (
        "hostile_text.nothing_reaches_the_terminal_but_one_line_of_plain_text",
        "safe.a_line_for_the_log_cannot_be_forged",
    ),
    "X1": (
        "endings.wrong_arguments_end_in_one_line_and_2",
        "endings.a_hostile_name_ends_in_5_and_one_plain_line",
    ),
    "X2": (
        "leaks.no_secret_is_in_any_file_or_line",
        "leaks.a_ledger_is_read_by_its_owner_alone",
        "leaks.a_password_in_an_argument_ends_in_2_and_is_not_repeated",
    ),
    "X3": (
        "leaks.jobdir_is_warned_of_in_one_line",
        "rows.nothing_listens_and_nothing_is_unpickled",
    ),
    "X4": (
        "scrapyd.a_second_job_of_a_series_is_refused_naming_the_first",
        "scrapyd.a_cancelled_job_stops_cleanly_and_goes_on_when_scheduled_again",
    ),
    "X5": ("update.after_a_kill_the_feed_has_every_page_once_and_says_what_came_when",),
}
"""Rows by kind: H is what hosts do, I images, P pages, N names, X the user's own side."""


def names_in(name: str) -> set[str]:
    tree = ast.parse((TESTS / f"test_{name}.py").read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", SHOWN_BY)
def test_what_shows_a_row_is_there(row: str):
    for module, _, test in (name.partition(".") for name in SHOWN_BY[row]):
        assert f"test_{test}" in names_in(module)


def test_a_row_of_the_table_belongs_to_one_that_the_table_shows():
    ids = {row.name.partition(" ")[0] for row in ROWS + ADDRESSES if row.name[1].isdecimal()}
    assert ids == {row for row, shown in SHOWN_BY.items() if BATTERY in shown} | {"H12"}


def test_nothing_listens_and_nothing_is_unpickled():
    assert settings.TELNETCONSOLE_ENABLED is settings.REMOTE_CONTROL_ENABLED is False
    sources = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    assert not any("import pickle" in text or "import marshal" in text for text in sources)
