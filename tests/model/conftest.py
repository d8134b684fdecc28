# Copyright 2026 HC Revenue contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl-3.0)
"""One language model for the whole layer."""

import language_model
import pytest


@pytest.fixture(scope="session")
def model_server(tmp_path_factory):
    """Address and process id of a language model on this machine."""
    missing = language_model.find_missing()
    if missing:
        pytest.skip(f"not installed: {', '.join(missing)} (run ./hc test model)")
    with language_model.serving(tmp_path_factory.mktemp("model") / "server.log") as server:
        yield server


@pytest.fixture
def model_url(model_server):
    """Its address, as a provider's settings name it."""
    return model_server[0]
