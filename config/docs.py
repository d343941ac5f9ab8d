"""The browsable API documentation, with assets of our own and no inline script."""

from csp.decorators import csp_update
from drf_spectacular.views import SpectacularSwaggerSplitView

# Swagger's stylesheet draws its arrows from data: addresses; nowhere else are those allowed.
docs = csp_update({"img-src": ["data:"]})(SpectacularSwaggerSplitView.as_view(url_name="schema"))
