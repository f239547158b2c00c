"""The build hook: compiled translations in every build, `resources/` in the wheel as `desktop/_resources`.

The compiled catalogues are not in the repository, so a build that forgot them would speak English only.
The resources are named here and not under `force-include` in pyproject.toml, because that copies them for an
editable install too, and the copy is out of date at the next edit.
"""

import runpy
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class ShipResources(BuildHookInterface[Any]):
    """Hatchling finds this class by its base; see `[tool.hatch.build.hooks.custom]` in pyproject.toml."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is stale and name the resources before hatchling collects the files.

        Args:
            version: "standard" or "editable".
            build_data: What a hook may change; `force_include` maps a source to its place in the wheel.
        """
        if self.target_name != "wheel":
            return
        # By path: importing it by name would put this folder on the builder's import path.
        translations = runpy.run_path(str(Path(self.root) / "packaging" / "translations.py"))
        translations["compile_stale"](Path(self.root))
        if version == "standard":
            build_data["force_include"]["resources"] = "desktop/_resources"
