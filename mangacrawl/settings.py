"""Only what differs from Scrapy's defaults, and why."""

from importlib.util import find_spec

from mangacrawl import __version__

BOT_NAME = "mangacrawl"
SPIDER_MODULES = ["mangacrawl.spiders"]
COMMANDS_MODULE = "mangacrawl.commands"  # `crawl` with checked arguments and exit codes
USER_AGENT = f"mangacrawl/{__version__} (comic crawler; obeys robots.txt)"

# The pool: fifty requests in flight to a site, and a throttle that shrinks it when it suffers.
CONCURRENT_REQUESTS_PER_DOMAIN = 50
CONCURRENT_REQUESTS = 100  # room above fifty: images do not pass the scheduler
AUTOTHROTTLE_ENABLED = True
DOWNLOADER = "mangacrawl.downloader.BoundedDownloader"  # Scrapy's own bound leaks
DOWNLOAD_DELAY = 0  # the window is the brake
CONCURRENT_ITEMS = 50  # so many tasks a response: 1 as soon as all series show a picture a page
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"  # pages in reading order

TWISTED_REACTOR_ENABLED = False  # asyncio and aiohttp alone take a quarter less of all CPU
if find_spec("uvloop"):  # not on Windows; saves a sixth of all CPU
    ASYNCIO_EVENT_LOOP = "uvloop.Loop"

WARN_ON_GENERATOR_RETURN_VALUE = False  # it reads and parses a callback's source, for each request

# Politeness.
ROBOTSTXT_OBEY = True
DOWNLOAD_TIMEOUT = 60
RETRY_TIMES = 4
RETRY_EXCEPTIONS = [  # what our handler raises; Scrapy's list loads Twisted's HTTP client
    "scrapy.exceptions.CannotResolveHostError",
    "scrapy.exceptions.DownloadConnectionRefusedError",
    "scrapy.exceptions.DownloadFailedError",
    "scrapy.exceptions.DownloadTimeoutError",
    "scrapy.exceptions.ResponseDataLossError",
    OSError,  # a body that cannot be unpacked
]
RETRY_GIVE_UP_LOG_LEVEL = "DEBUG"  # the verdict names what failed
REDIRECT_MAX_TIMES = 5

# Nothing that the job does not need: no remote control, no local files, no private address, no
# unchecked certificate, no address of a page told to other sites. SECURITY.md says why.
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False
DOWNLOAD_HANDLERS = {
    "http": "mangacrawl.wire.handler.GuardedHandler",
    "https": "mangacrawl.wire.handler.GuardedHandler",
    **dict.fromkeys(("data", "file", "ftp", "s3")),
}
REFERRER_POLICY = "mangacrawl.middlewares.redirect.AsBrowser"  # whatever a site allows
REFERRER_POLICIES = dict.fromkeys(
    ("", "no-referrer-when-downgrade", "origin", "origin-when-cross-origin", "unsafe-url"),
    REFERRER_POLICY,
)
DOWNLOAD_VERIFY_CERTIFICATES = True
DOWNLOAD_TLS_MIN_VERSION = "TLSv1.2"
DOWNLOAD_MAXSIZE = 10 * 1024 * 1024  # after decompression; verify.py takes larger pictures
DOWNLOAD_WARNSIZE = 0
DOWNLOADER_STATS = False  # the downloader counts, without writing each request out for its size

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "mangacrawl.middlewares.offsite.Offsite": 50,  # before robots.txt of the other site is asked
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "mangacrawl.middlewares.redirect.Redirect": 600,
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "mangacrawl.middlewares.cookies.Cookies": 700,
    "mangacrawl.middlewares.transfers.ReportTransfers": 900,  # nearest to the wire: each try
    "mangacrawl.middlewares.login.SendLogin": 690,  # before cookies; on each hop
    "mangacrawl.middlewares.browser.ShowInBrowser": 90,  # what has passed all others
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "mangacrawl.middlewares.robots.RobotsTxt": 100,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "mangacrawl.middlewares.retry.PatientRetry": 550,
    "mangacrawl.middlewares.verify.VerifyPicture": 570,  # after decompression, before retries
    "mangacrawl.middlewares.challenges.RefuseChallenges": 580,
}
SPIDER_MIDDLEWARES = {  # each costs a layer of generators a response, and none is needed here
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,
    "scrapy.spidermiddlewares.start.StartSpiderMiddleware": None,
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware": None,
}
ITEM_PROCESSOR = "mangacrawl.pipelines.settling.Settling"
ITEM_PIPELINES = {
    "mangacrawl.pipelines.pages.PagesPipeline": 100,
    "mangacrawl.pipelines.volumes.VolumesPipeline": 200,
}
MEDIA_ALLOW_REDIRECTS = True
EXTENSIONS_BASE = {  # without the two consoles: off, they still cost 0.1 s and 7 MB for imports
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.logcount.LogCount": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.memdebug.MemoryDebugger": 0,
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.spiderstate.SpiderState": 0,
}
EXTENSIONS = {
    "mangacrawl.extensions.throttle.Throttle": 0,
    "mangacrawl.extensions.demo_site.DemoSite": 100,
    "mangacrawl.extensions.progress.ShowProgress": 700,
    "mangacrawl.extensions.report.RunReport": 800,
    "mangacrawl.extensions.library_page.LibraryPage": 900,
    "mangacrawl.extensions.feeds.Feeds": 0,
}

FEED_EXPORT_ENCODING = "utf-8"
FEED_EXPORTERS = {"xml": "mangacrawl.feeds.XmlExporter"}  # an absent value is empty, not "None"

LOG_LEVEL = "INFO"
LOG_FORMATTER = "mangacrawl.log_lines.LogLines"  # frees what Scrapy's would keep
STATS_CLASS = "mangacrawl.stats.Stats"
STATS_DUMP = False

# Ours; docs/settings.md describes them.
MANGA_OUTPUT_DIR = "output"
MANGA_STATE_DIR: str | None = None
MANGA_KEEP_PAGES = True
MANGA_DEFAULT_SOURCE = "demo"
MANGA_LOGIN_FILE: str | None = None
MANGA_SOURCE_MODULES: list[str] = []
MANGA_ON_END = ""
MANGA_MAX_CHAPTERS = 5000
MANGA_RETRY_WAIT_SECONDS = 1.0
MANGA_IMAGE_QUALITY = "fast"
MANGA_DEVICE_SPREADS = "split"
MANGA_DEVICE_GAMMA = 1.0
MANGA_COMICINFO_STYLE = "portable"
MANGA_RECURRING_PAGES = "keep"
MANGA_PRIVATE_HOSTS: list[str] = []
MANGA_UNVERIFIED_HOSTS: list[str] = []
