"""All settings, from the environment: defaults that work on the embedded stack, refusal of what is unsafe.

`docs/configuration.md` lists every variable.
"""

from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse_lazy

from mcai_project.celeryconfig import celery_settings
from mcai_project.embedded import secret
from mcai_project.embedded import state as embedded_state
from mcai_project.icons import keep_icons
from mcai_project.named_numbers import named_numbers
from mcai_project.queues import QUEUE_NAMES, QUEUES

env = environ.Env()

BASE_DIR = Path(__file__).resolve().parent.parent
MCAI_HOME = embedded_state.home()

ENVIRONMENT = env.str("MCAI_ENV", "local")
if ENVIRONMENT not in {"local", "production"}:
    raise ImproperlyConfigured(f"MCAI_ENV is {ENVIRONMENT!r}; it must be 'local' or 'production'.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off when MCAI_ENV=production.")


SECRET_KEY = env.str("SECRET_KEY", "") or ("" if PRODUCTION else secret.kept(MCAI_HOME, "secret_key", length=50))
if len(SECRET_KEY) < 32:
    raise ImproperlyConfigured("SECRET_KEY must be set to at least 32 characters when MCAI_ENV=production.")
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
if PRODUCTION and (not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name the hosts of this service when MCAI_ENV=production.")
CSRF_FAILURE_VIEW = "jobs.api.problems.csrf_failure"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", 31_536_000)

# --- PostgreSQL and the Redis-protocol server ---------------------------------------------------------------

_embedded = None if PRODUCTION else embedded_state.read_state(MCAI_HOME)


def _service_url(name: str, embedded: str | None, scheme: str) -> str:
    """Return the URL of a service: given, that of the embedded stack, or one where nobody listens."""
    url = env.str(name, "")
    if url or embedded:
        return url or str(embedded)
    if PRODUCTION:
        raise ImproperlyConfigured(f"{name} must be set when MCAI_ENV=production.")
    return f"{scheme}://nobody@127.0.0.1:9/0"  # importable without a stack; connecting is refused at once


DATABASE_URL = _service_url("DATABASE_URL", _embedded.database_url if _embedded else None, "postgresql")
REDIS_URL = _service_url("REDIS_URL", _embedded.redis_url if _embedded else None, "redis")

DATABASES = {
    "default": {
        **env.db_url_config(DATABASE_URL),
        "ENGINE": "jobs.database.backend",
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", 600),
        # A check costs a round trip a request; the backend sees without one that the server has hung up.
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": env.bool("DISABLE_SERVER_SIDE_CURSORS", False),
    }
}
DATABASES["default"].setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)

MCAI_DATABASE_SECONDS = env.float("MCAI_DATABASE_SECONDS", 5.0)  # that a statement of a request may take
MCAI_ADMIN_DATABASE_SECONDS = env.float("MCAI_ADMIN_DATABASE_SECONDS", 60.0)  # and one of a change in the admin

# --- Django -------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "unfold",
    "unfold.contrib.filters",
    "mcai_project.admin_pages.AdminPages",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "jobs",
    "knowledge",
    "generation",
    "monitoring",
    *env.list("MCAI_EXTRA_APPS", default=[]),  # apps that bring job kinds of their own
]

MIDDLEWARE = [
    "monitoring.middleware.measure",
    "jobs.middleware.request_id",
    "monitoring.middleware.record_span",
    "jobs.middleware.rate_headers",
    "jobs.middleware.patient_admin",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jobs.browsers.Session",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "jobs.browsers.SessionUser",
    "jobs.browsers.Messages",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "mcai_project.urls"
WSGI_APPLICATION = "mcai_project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "mcai_project" / "templates"],  # before the apps': what of theirs we word otherwise
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = MCAI_HOME / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True  # the admin's own files are served from the packages: no collectstatic to forget
WHITENOISE_ROOT = BASE_DIR / "mcai_project" / "root"  # what browsers look for at the root: the icon
WHITENOISE_ADD_HEADERS_FUNCTION = keep_icons
DATA_UPLOAD_MAX_MEMORY_SIZE = env.int("MAX_BODY_BYTES", 2_500_000)
FILE_UPLOAD_TEMP_DIR = None

FLOWER_URL = env.str("FLOWER_URL", "").rstrip("/")
UNFOLD = {
    "SITE_TITLE": "MC AI",
    "SITE_HEADER": "MC AI",
    "SHOW_HISTORY": True,
    "SITE_FAVICONS": [{"rel": "icon", "sizes": "any", "type": "image/svg+xml", "href": "/favicon.svg"}],
    "SITE_DROPDOWN": [
        {"icon": "monitoring", "title": "Charts", "link": reverse_lazy("admin:monitoring_charts")},
        {"icon": "api", "title": "API", "link": reverse_lazy("docs")},
        *([{"icon": "local_florist", "title": "Flower", "link": FLOWER_URL}] if FLOWER_URL else []),
    ],
}

# --- REST ---------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "jobs.api.authentication.ApiKeyAuthentication",
        "jobs.api.authentication.ProblemSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["jobs.api.throttling.UserThrottle"],
    "EXCEPTION_HANDLER": "jobs.api.problems.exception_handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "MC AI",
    "DESCRIPTION": "Submit heavy work, get a job ID at once, poll, fetch the files.",
    "VERSION": "0.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_NAME_OVERRIDES": {
        "HealthStatusEnum": "monitoring.health.STATUSES",
        "SourceEnum": "knowledge.models.answer.CachedAnswer.Source",
    },
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "jobs.api.schema.finish"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "/favicon.svg",
    "REDOC_DIST": "SIDECAR",
}

# --- Celery -------------------------------------------------------------------------------------------------

MCAI_QUEUES = QUEUE_NAMES
vars().update(
    {f"CELERY_{name.upper()}": value for name, value in celery_settings(REDIS_URL, str(MCAI_HOME / "beat")).items()}
)
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = env.float("MCAI_SOFT_SHUTDOWN_SECONDS", 8.0)
CELERY_WORKER_MAX_TASKS_PER_CHILD = env.int("MCAI_TASKS_PER_CHILD", 500)
CELERY_WORKER_MAX_MEMORY_PER_CHILD = env.int("MCAI_CHILD_MEMORY_MB", 400) * 1024  # KiB
# Not one of Celery's documented settings, but its Django fixup reads it: without it the database connection is
# closed around each task, which costs more than the task's own statements.
CELERY_DB_REUSE_MAX = 10_000

# --- Jobs ---------------------------------------------------------------------------------------------------

MCAI_LEASE_SECONDS = env.float("MCAI_LEASE_SECONDS", 20.0)
MCAI_CANCEL_GRACE_SECONDS = env.float("MCAI_CANCEL_GRACE_SECONDS", 5.0)
MCAI_RETRY_SECONDS = env.float("MCAI_RETRY_SECONDS", 2.0)
MCAI_REPUBLISH_SECONDS = env.float("MCAI_REPUBLISH_SECONDS", 30.0)
MCAI_RECONCILE_SECONDS = env.float("MCAI_RECONCILE_SECONDS", 1.0)
MCAI_DISPATCH_WINDOW = env.int("MCAI_DISPATCH_WINDOW", 2)
MCAI_TIER_PENALTIES = (0.0, 60.0, 300.0)  # seconds that premium, standard and free jobs are put back
MCAI_FAIRNESS_STEP = 1.0  # seconds that each waiting job puts back the next of the same owner
MCAI_LONGEST_WAIT = named_numbers(
    "MCAI_LONGEST_WAIT", env.str("MCAI_LONGEST_WAIT", ""), {spec.name: spec.longest_wait for spec in QUEUES}
)
MCAI_KIND_CAPS = named_numbers("MCAI_KIND_CAPS", env.str("MCAI_KIND_CAPS", ""), {})
MCAI_RESULT_SECONDS = env.int("MCAI_RESULT_SECONDS", 7 * 86_400)
MCAI_SUMMARY_SECONDS = env.int("MCAI_SUMMARY_SECONDS", 30 * 86_400)
MCAI_FALLBACK_THREADS = env.int("MCAI_FALLBACK_THREADS", 1)
MCAI_REQUESTS_PER_MINUTE = env.int("MCAI_REQUESTS_PER_MINUTE", 100)
MCAI_TIER_REQUESTS_PER_MINUTE = named_numbers(
    "MCAI_TIER_REQUESTS_PER_MINUTE",
    env.str("MCAI_TIER_REQUESTS_PER_MINUTE", ""),
    {"premium": 0, "standard": 0, "free": 0},  # as everybody
)
MCAI_WAITING_SEATS = env.int("MCAI_WAITING_SEATS", 5)
MCAI_PUBLIC_URL = env.str("MCAI_PUBLIC_URL", "").rstrip("/")
MCAI_WEBHOOK_NETWORKS: list[str] = env.list("MCAI_WEBHOOK_NETWORKS", default=[])
MCAI_MAX_UPLOAD_BYTES = env.int("MCAI_MAX_UPLOAD_BYTES", 200_000_000)
MCAI_FILE_URL_SECONDS = env.int("MCAI_FILE_URL_SECONDS", 86_400)

# --- Monitoring (docs/operations.md) ------------------------------------------------------------------------

MCAI_METRICS = env.bool("MCAI_METRICS", True)
MCAI_SAMPLE_DAYS = env.int("MCAI_SAMPLE_DAYS", 7)
MCAI_METRICS_DIR = Path(env.str("MCAI_METRICS_DIR", str(MCAI_HOME / "metrics")))

SENTRY_DSN = env.str("SENTRY_DSN", "")
OTEL_ENDPOINT = env.str("OTEL_EXPORTER_OTLP_ENDPOINT", "").rstrip("/")
OTEL_HEADERS: dict[str, str] = env.dict("OTEL_EXPORTER_OTLP_HEADERS", default={})
OTEL_SERVICE_NAME = env.str("OTEL_SERVICE_NAME", "mc-ai")
OTEL_SHARE = env.float("OTEL_TRACES_SAMPLER_ARG", 1.0)  # of the traces that begin with us

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {"()": "monitoring.logs.JsonFormatter"},
        "readable": {"()": "monitoring.logs.ReadableFormatter"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": env.str("LOG_FORMAT", "json" if PRODUCTION else "readable"),
        }
    },
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
    "loggers": {
        # Addresses that are asked may hold what a user asked for.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
    },
}

# --- Files --------------------------------------------------------------------------------------------------

MCAI_FILES = env.path("MCAI_FILES", default=str(MCAI_HOME / "files"))

# --- Knowledge (docs/knowledge.md) --------------------------------------------------------------------------

MCAI_HISTORY_DAYS = env.int("MCAI_HISTORY_DAYS", 365)  # that former states of examples are kept; 0: for ever
if MCAI_HISTORY_DAYS < 0:
    raise ImproperlyConfigured(
        f"MCAI_HISTORY_DAYS is {MCAI_HISTORY_DAYS}; it must be a number of days, or 0 to keep all."
    )

# --- Shared cache and answers (docs/cache.md, docs/answers.md) ----------------------------------------------

SHARED_CACHE_PREFIX = env.str("SHARED_CACHE_PREFIX", "mcai")
SHARED_CACHE_SOCKET_TIMEOUT = env.float("SHARED_CACHE_SOCKET_TIMEOUT", 0.5)
SHARED_CACHE_MAX_ENTRY_BYTES = env.int("SHARED_CACHE_MAX_ENTRY_BYTES", 262_144)
SHARED_CACHE_MAX_ENTRIES = env.int("SHARED_CACHE_MAX_ENTRIES", 10_000)  # of each type
SHARED_CACHE_WARM_AT_START = env.bool("SHARED_CACHE_WARM_AT_START", True)
SHARED_CACHE_WARM_BYTES = env.int("SHARED_CACHE_WARM_BYTES", 4_000_000)
SHARED_CACHE_EXPORTS = env.path("SHARED_CACHE_EXPORTS", default=str(MCAI_HOME / "exports"))
SHARED_CACHE_EXPORT_EXAMPLES = env.int("SHARED_CACHE_EXPORT_EXAMPLES", 10_000)  # the newest of each domain

ANSWERS_AT_ONCE = env.int("ANSWERS_AT_ONCE", 4)  # that wait for sources in one process
ANSWERS_DEADLINE = env.float("ANSWERS_DEADLINE", 25.0)
DATASET_TIMEOUT = env.float("DATASET_TIMEOUT", 2.0)
WIKIPEDIA_URL = env.str("WIKIPEDIA_URL", "")
WIKIPEDIA_TIMEOUT = env.float("WIKIPEDIA_TIMEOUT", 4.0)
SEARXNG_URL = env.str("SEARXNG_URL", "")
SEARXNG_TIMEOUT = env.float("SEARXNG_TIMEOUT", 5.0)
SOURCES_CONTACT = env.str("SOURCES_CONTACT", "")  # an address in the User-Agent, as Wikipedia's policy asks
LLM_BASE_URL = env.str("LLM_BASE_URL", "")
LLM_API_KEY = env.str("LLM_API_KEY", "")
LLM_MODEL = env.str("LLM_MODEL", "")
LLM_INPUT_PRICE = env.float("LLM_INPUT_PRICE", 0.0)  # dollars a million tokens
LLM_OUTPUT_PRICE = env.float("LLM_OUTPUT_PRICE", 0.0)
LLM_MODELS: list[dict[str, object]] = env.json("LLM_MODELS", default=[])
LLM_TIMEOUT = env.float("LLM_TIMEOUT", 15.0)
LLM_DAILY_BUDGET = env.float("LLM_DAILY_BUDGET", 5.0)  # dollars

# --- Search (docs/search.md) --------------------------------------------------------------------------------

EMBEDDER = env.str("EMBEDDER", "lsa")  # or openai, fastembed
EMBEDDER_MODEL = env.str("EMBEDDER_MODEL", "")
EMBEDDER_URL = env.str("EMBEDDER_URL", "")
EMBEDDER_API_KEY = env.str("EMBEDDER_API_KEY", "")
EMBEDDER_DIMENSIONS = env.int("EMBEDDER_DIMENSIONS", 256)  # asked of an endpoint; 0 leaves it to the model
EMBEDDER_TRUNCATE = env.bool("EMBEDDER_TRUNCATE", False)
EMBEDDER_PATH = env.str("EMBEDDER_PATH", "")  # a folder with a model for fastembed, which then downloads nothing
EMBEDDER_POOLING = env.str("EMBEDDER_POOLING", "mean")
