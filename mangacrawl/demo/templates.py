"""The demo site's pages as Jinja templates, in the markup that MangaReader had from 2011 to 2019.

They are Python so that the package works from a zip file and needs no list of data files.
"""

BASE = """\
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" dir="ltr" lang="en" xml:lang="en">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{% block title %}{% endblock %}</title>
<style type="text/css">
body { margin: 0; background: #fffaf0; color: #2c2446; font: 16px/1.5 sans-serif; }
a { color: #2c6e8c; }
img { max-width: 100%; height: auto; }
#container { max-width: 920px; margin: 0 auto; padding: 1em; }
#top_navigation ul { display: flex; gap: 1.5em; margin: 0; padding: 0; list-style: none; }
#topchapter, #imgholder { text-align: center; }
#mangaimg img, .series img { width: 220px; border-radius: 6px; box-shadow: 0 2px 8px #2c244640; }
.allseries { display: flex; flex-wrap: wrap; gap: 2em; padding: 0; list-style: none; }
.series { width: 220px; overflow-wrap: anywhere; }
.propertytitle { padding-right: 1em; color: #75698f; vertical-align: top; }
#listing { width: 100%; overflow-wrap: anywhere; }
#wrapper_footer { margin-top: 2em; color: #75698f; font-size: 14px; }
</style>
{% block script %}{% endblock %}
</head>
<body>
<div id="container">
<div id="wrapper_header">
<div id="top_navigation">
<ul>
<li class="topnav-first"><a href="/"><span>Home</span></a></li>
<li><a href="/search/"><span>Search</span></a></li>
<li class="topnav-last"><a href="/alphabetical"><span>Manga List</span></a></li>
</ul>
</div>
</div>
<div id="wrapper_body">
{% block body %}{% endblock %}
</div>
<div id="wrapper_footer"><p>Every picture here is a drawn sample, made by a program on this
machine while you wait.</p></div>
</div>
</body>
</html>
"""

HOME = """\
{% extends "base" %}
{% block title %}mangacrawl demo site{% endblock %}
{% block body %}
<h1>A comic site of your own</h1>
<p>It runs on this machine alone and behaves like the sites of ten years ago: one picture a page,
two kinds of address, and a few traps. Crawl it as often as you like.</p>
<ul class="allseries">
{% for series in catalogue %}
<li class="series"><a href="{{ series|path }}"><img src="{{ series|cover("m") }}"
alt="{{ series.title }}" /></a><br />
<a href="{{ series|path }}">{{ series.title }}</a><br />
{{ series.chapters|length }} chapters, {{ series.status|lower }}</li>
{% endfor %}
</ul>
{% endblock %}
"""

INDEX = """\
{% extends "base" %}
{% block title %}{{ series.title }} Manga - Read {{ series.title }} Online{% endblock %}
{% macro row(chapter) -%}
<div class="chico_manga"></div>
<a href="{{ series|path(chapter) }}">{{ series.title }} {{ chapter.number }}</a> :
{%- if chapter.title %} {{ chapter.title|old_text }}{% else %} {% endif %}
{%- endmacro %}
{% block body %}
<div id="bodyust">
<div id="mangaimg"><img src="{{ root }}{{ series|cover("l") }}" alt="{{ series.title }} Manga" />\
</div>
<div id="mangaproperties">
<h1>{{ series.title|old_text }} Manga</h1>
<table>
{% for label, value in properties %}
<tr>
<td class="propertytitle">{{ label }}:</td>
<td>{{ value }}</td>
</tr>
{% endfor %}
<tr>
<td>&nbsp;</td>
<td></td>
</tr>
<tr>
<td class="propertytitle">Tweet it:</td>
<td>
<div id="tbut"></div>
</td>
</tr>
</table>
<div id="latestchapters">
<div id="popularcaption">
<h3>LATEST CHAPTERS</h3>
</div>
<ul>{% for chapter in (chapters|reverse|list)[:6] %}<li>
{{ row(chapter) }}</li>
{% endfor %}
</ul>
</div>
</div>
</div>
<div id="readmangasum">
<h2>Read {{ series.title|old_text }} Manga Online</h2>
<p>{{ series.summary|old_text }}</p>
</div>
<div id="chapterlist">
<table id="listing">
<tr class="table_head">
<th class="leftgap">Chapter Name</th>
<th>Date Added</th>
</tr>
{% for chapter in chapters %}
<tr>
<td>
{{ row(chapter) }}</td>
<td>{{ chapter.added.strftime("%m/%d/%Y") }}</td>
</tr>
{% endfor %}
</table>
</div>
{% endblock %}
"""

READER = """\
{% extends "base" %}
{% set label = series.title ~ " " ~ chapter.number %}
{% block title %}{{ label }} - Read {{ label }} Online - Page {{ page.number }}{% endblock %}
{% block script %}
<script type="text/javascript">
    document['mangaid'] = {{ series.number }};
    document['chapterno'] = {{ chapter.number }};
    document['nl'] = '{{ next_path }}';
    document['pl'] = '{{ previous_path }}';
    document['pu'] = '{{ next_image }}';
{% if page.is_wide %}
    document['imgwidth'] = 1800;
    document['imgheight'] = 1300;
    document['imgheightaspect'] = 578;
{% endif %}
</script>
{% endblock %}
{% block body %}
<div id="topchapter">
<div id="mangainfo">
<div>
<h1>{{ label|old_text }}</h1>
<span class='c1'>Page {{ page.number }}&nbsp;-&nbsp;</span></div>
<div>
<h2 class="c2"><a href="{{ series|path }}" title="{{ series.title }} Manga">\
{{ series.title|old_text }} Manga</a></h2>
</div>
</div>
<div id="selectmanga"><select id="chapterMenu" name="chapterMenu"></select></div>
<div id="navi">
<div class="prevnext"><span class="prev"><a href="{{ previous_path }}">Previous</a></span> \
<span class="next"><a href="{{ next_path }}">Next</a></span></div>
<div id="selectpage"><select id="pageMenu" name="pageMenu">
{%- for each in chapter.pages -%}
<option value="{{ series|path(chapter, each.number) }}"\
{% if each.number == page.number %} selected="selected"{% endif %}>{{ each.number }}</option>
{% endfor -%}
</select> of {{ chapter.pages|length }}</div>
</div>
</div>
<div id="imgholder">{% if page.is_wide %}<div id="zoomer" class="zoomimg zoomtop">+ Larger Image\
</div>
{% endif %}<a href="{{ next_path }}"><img id="img" \
{% if page.is_wide %}width="800" height="578"{% else %}width="900" height="1300"{% endif %} \
src="{{ image }}" alt="{{ label }} - Page {{ page.number }}" name="img" /></a> \
{% if page.is_wide %}<div class="zoomimg zoombottom">+ Larger Image</div>
{% endif %}</div>
<div id="bottomchapter">
<div id="mangainfofooter">
<div class="prevnext"><span class="prev"><a href="{{ previous_path }}">Previous</a></span> \
<span class="next"><a href="{{ next_path }}">Next</a></span></div>
</div>
<div id="related">
<h3>Also drawn by this program</h3>
<div id="related_inner">{% for other in others %}<a href="{{ root }}{{ other|old_path }}">\
{{ other.title }}</a> {% endfor %}</div>
</div>
</div>
<div id="prefetchimg"></div>
{% endblock %}
"""

NOT_RELEASED = """\
{% extends "base" %}
{% set label = series.title ~ " " ~ number %}
{% block title %}{{ label }} - Read {{ label }} Online - Page 1{% endblock %}
{% block body %}
<div id="topchapter">
<div id="mangainfo">
<div>
<h1>{{ label|old_text }}</h1>
<span class="c2">Page 1&nbsp;-&nbsp;</span></div>
<div>
<h2 class="c3"><a href="{{ series|path }}" title="{{ series.title }} Manga">\
{{ series.title|old_text }} Manga</a></h2>
</div>
</div>
</div>
<div id="imgholder">
<div id="recom"><div id="recom_info"><strong>{{ label }}</strong> is not released yet. Come back \
when its pictures have been drawn, or try one of the others below.</div>
</div>
<div id="relateds">
{% for other in others %}
<div class="latesthotimages">
<div class="imageinside"><a href="{{ root }}{{ other|path }}"><img alt="{{ other.title }}" \
src="{{ root }}{{ other|cover("m") }}" /></a></div>
<div class="c6"><a href="{{ root }}{{ other|path }}">{{ other.title }}</a></div>
</div>
{% endfor %}
</div>
</div>
{% endblock %}
"""

ALPHABETICAL = """\
{% extends "base" %}
{% block title %}Manga List{% endblock %}
{% block body %}
<ul class="alphabet">{% for letter, _ in groups %}<li><a href="#{{ letter }}">{{ letter }}</a></li>
{% endfor %}</ul>
{% for letter, members in groups %}
<div class="series_col"><a name="{{ letter }}"></a>
<div class="series_alpha">
<h2 class="series_alpha"><a href="#top">{{ letter }}</a></h2>
<ul class="series_alpha">{% for series in members %}<li><a href="{{ series|path }}"> \
{{ series.title|old_text }}</a>{% if series.status == "Completed" %}<span class="mangacompleted">\
[Completed]</span>{% endif %}</li>
{% endfor %}</ul>
</div>
</div>
{% endfor %}
{% endblock %}
"""

RESULTS = """\
{% extends "base" %}
{% block title %}Search{% endblock %}
{% block body %}
<form action="/search/" method="get"><input type="text" name="w" value="{{ query }}" />
<input type="submit" value="Search" /></form>
<div id="mangaresults">
<h2>Manga Results</h2>
{% for series in found %}
<div class="mangaresultitem">
<div class="mangaresultinner">
<div class="c4">{{ loop.index }}.</div>
<div class="imgsearchresults" style="background-image:url('{{ root }}{{ series|cover("r") }}')">\
</div><div class="result_info c5">
<div class="manga_name">
<div>
<h3><a href="{{ series|path }}">{{ series.title|old_text }}</a></h3>
</div>
</div>
<div class="chapter_count">{{ series.chapters|length }}&nbsp;Chapters Published. \
({{ series.status }})</div>
<div class="manga_type">Manga (Read {{ series.direction }})</div>
<div class="manga_genre">{{ series.genres|join(", ") }}</div>
</div>
</div>
</div>
{% endfor %}
</div>
{% endblock %}
"""

PROBLEM = """\
{% extends "base" %}
{% block title %}{{ status }} {{ reason }}{% endblock %}
{% block body %}
<h1>{{ status }} {{ reason }}</h1>
<p>There is nothing to read here. Try the <a href="/">home page</a>.</p>
{% endblock %}
"""
