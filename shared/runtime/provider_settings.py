"""What promotion can be told of the OpenID provider at which the staff sign in."""

from pydantic import BaseModel, Field, SecretStr, field_validator

from shared.runtime.this_machine import is_safe


class ProviderSettings(BaseModel):
    oidc_issuer: str = Field(
        "", description="the OpenID provider at which the staff sign in, as https://id.example"
    )
    oidc_client_id: str = Field("", description="what this instance is called there")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="its secret there")
    oidc_name: str = Field("", description="what people call the provider; by default its host")

    @field_validator("oidc_issuer")
    @classmethod
    def _is_safe(cls, given: str) -> str:
        if given and not is_safe(given):
            raise ValueError("must be https://…; http:// is only for this very machine")
        return given
