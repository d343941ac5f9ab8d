"""What drf-spectacular can't find out by itself."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


class TokenScheme(OpenApiAuthenticationExtension):  # registers itself by being defined
    target_class = "accounts.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        description = "`Token <key>`: a key from the profile page, or from `manage.py api_token USERNAME`."
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": description}
