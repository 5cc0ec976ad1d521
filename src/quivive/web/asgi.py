"""The door uvicorn opens."""

import os
import warnings

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quivive.web.settings")

# WhiteNoise hands static files over as plain iterators: small files, read at once.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous")

application = get_asgi_application()
