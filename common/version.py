"""The version of these programs: what --version prints and AWS sees; pyproject.toml and CHANGELOG.md say the same."""

VERSION = "1.0.1"
USER_AGENT = f"spot-collector/{VERSION}"
"""What these programs call themselves wherever they ask over HTTP, AWS included."""
