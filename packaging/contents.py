"""What goes into the frozen app: lists that the PyInstaller spec, the build script and the tests read."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch

APP_NAME = "Sightline"
BUNDLE_ID = "io.github.sightline.Sightline"


@dataclass(frozen=True)
class Part:
    """What freezing needs to know of one dependency; PyInstaller finds by itself what is imported by name.

    Attributes:
        modules: Imported by a name that no source file spells out; one with `.*` stands for all below it.
        data: Packages whose files that are not code are needed.
        files: Further files, below the folder that holds all packages.
        without: Modules below it that nothing here uses; `*` matches anything.
        replaceable: Lies in the folder as source: its licence lets everyone put another version there.
    """

    modules: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    replaceable: bool = False


# One row for each dependency of pyproject.toml; a test compares.
PARTS = {
    "pyside6-essentials": Part(without=("PySide6.scripts", "PySide6.support")),
    "filelock": Part(),
    "genai-prices": Part(without=("genai_prices._cli", "genai_prices.__main__")),
    "jeepney": Part(modules=("jeepney.io.blocking",), without=("jeepney.io.trio", "jeepney.io.asyncio")),
    # It finds its backends by entry points, and each its library when it is asked whether it would work.
    "keyring": Part(
        modules=(
            "keyring.backends.SecretService",
            "keyring.backends.kwallet",
            "keyring.backends.libsecret",
            "keyring.backends.Windows",
            "keyring.backends.macOS",
            "keyring.backends.chainer",
            "keyring.backends.fail",
            "keyring.backends.null",
        ),
        without=("keyring.testing", "keyring.devpi_client", "keyring.cli"),
    ),
    "markdown-it-py": Part(without=("markdown_it.cli",)),
    "onnxruntime": Part(
        without=(
            "onnxruntime.tools",
            "onnxruntime.transformers",
            "onnxruntime.quantization",
            "onnxruntime.training",
            "onnxruntime.backend",
            "onnxruntime.datasets",
        ),
        files=("onnxruntime/LICENSE", "onnxruntime/ThirdPartyNotices.txt"),
    ),
    "openai": Part(modules=("openai.resources.*",), without=("openai.cli", "openai.helpers")),
    "pebble": Part(replaceable=True),
    "pi-heif": Part(),
    "pillow": Part(
        without=("PIL.ImageQt", "PIL.ImageTk", "PIL._imagingtk", "PIL._tkinter_finder", "PIL.ImageShow")
    ),
    "platformdirs": Part(),
    "pygments": Part(
        modules=("pygments.lexers.*", "pygments.styles.*"), without=("pygments.cmdline", "pygments.sphinxext")
    ),
    "pypdfium2": Part(data=("pypdfium2_raw",), without=("pypdfium2._cli", "pypdfium2.__main__")),
    "pyqtgraph": Part(
        files=("pyqtgraph/colors/maps/*license*",),
        without=(
            "pyqtgraph.examples",
            "pyqtgraph.opengl",
            "pyqtgraph.jupyter",
            "pyqtgraph.console",
            "pyqtgraph.canvas",
        ),
    ),
    "rapidocr": Part(
        modules=("rapidocr.inference_engine.onnxruntime.*",),
        data=("rapidocr",),
        without=("rapidocr.inference_engine.openvino", "rapidocr.inference_engine.[!bo]*"),
    ),
    "xcffib": Part(modules=("xcffib.xproto",)),
    "zxing-cpp": Part(),
}

# Parts of the standard library and of other packages that come along and do nothing here.
EXCLUDED = (
    "tkinter", "_tkinter", "turtle", "turtledemo", "idlelib", "lib2to3", "ensurepip", "venv", "pydoc_data",
    "test", "curses", "_curses", "readline", "dbm.gnu", "_gdbm", "pillow_heif", "pytest", "_pytest",
    "hypothesis", "coverage", "IPython", "matplotlib", "scipy", "pandas", "torch", "paddle", "openvino",
    "tensorrt", "MNN", "jupyter_rfb", "OpenGL", "setuptools", "pip", "wheel", "babel", "numpy.f2py",
    "numpy.distutils", "trio", "sympy", "mypy", "rich", "PyInstaller",
)  # fmt: skip

# Qt's Python modules that the app or pyqtgraph imports; all others are left out with their libraries.
QT_MODULES = ("Core", "DBus", "Gui", "Network", "OpenGL", "OpenGLWidgets", "Svg", "Test", "Widgets")
# The further ones are of the platforms' plugins.
QT_LIBRARIES = (*QT_MODULES, "XcbQpa", "WaylandClient", "WaylandEglClientHwIntegration", "WlShellIntegration")
QT_LANGUAGES = ("zh_CN",)

# Kind of plugin: file names without `lib`, `q` kept, without suffix. What is not named is left out.
QT_PLUGINS: dict[str, tuple[str, ...]] = {
    "iconengines": ("qsvgicon",),
    # PNG and BMP are built in. The rest is for what other programs put on the clipboard.
    "imageformats": ("qjpeg", "qwebp", "qgif", "qico"),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "platforms": ("qxcb", "qwayland", "qoffscreen", "qwindows", "qcocoa"),
    "platformthemes": ("qgtk3", "qxdgdesktopportal"),
    "styles": ("qmodernwindowsstyle", "qmacstyle"),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-graphics-integration-client": ("qt-plugin-wayland-egl",),
    "wayland-shell-integration": ("xdg-shell",),
    "xcbglintegrations": ("qxcb-egl-integration", "qxcb-glx-integration"),
}

# Libraries of the building system that are taken along: Python's own, and small ones of X11 that fresh
# systems often lack. All others (glibc, the C++ runtime, fontconfig, D-Bus, OpenGL, GTK...) must be those of
# the system that it runs on.
BUNDLED_SYSTEM_LIBRARIES = (
    "libpython3*", "libssl.so*", "libcrypto.so*", "libsqlite3.so*", "libffi.so*", "libbz2.so*",
    "liblzma.so*", "libexpat.so*", "libmpdec.so*", "libuuid.so*", "libb2.so*", "libxcb-cursor.so*",
    "libxcb-icccm.so*",
    "libxcb-image.so*", "libxcb-keysyms.so*", "libxcb-render-util.so*", "libxcb-util.so*",
)  # fmt: skip
# Those of them that a package of a distribution asks the distribution for.
FROM_THE_DISTRIBUTION = ("libxcb-*.so*",)

# Of each distribution's metadata: who made it, under which licence, what its files are and how its plugins
# are found. The About box shows it.
METADATA_FILES = (
    "METADATA", "RECORD", "entry_points.txt", "*LICEN[CS]E*", "*COPYING*", "*NOTICE*", "*AUTHORS*",
    "licenses/*", "sboms/*",
)  # fmt: skip
_NEVER_NEEDED = (
    "cv2/data/*", "pyqtgraph/examples/*", "numpy/**/tests/*", "*.pyi", "*.pxd", "*/py.typed",
    "*/__pycache__/*", "desktop/_resources/*.po", "desktop/_resources/*.pot", "desktop/_resources/README.md",
)  # fmt: skip

_PLUGIN = re.compile(r"PySide6/(?:Qt/)?plugins/([^/]+)/(?:lib)?([^/.]+)\.")
_QT_LIBRARY = re.compile(r"(?:libQt6|Qt6|Qt)([A-Za-z0-9]+)(?:\.so.*|\.dll|\.framework.*|)$")
_QT_MODULE = re.compile(r"PySide6/Qt(\w+)\.(?:abi3\.so|pyd)$")


def normalized(name: str) -> str:
    """A distribution's name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name is one of the patterns."""
    return any(fnmatch(name, pattern) for pattern in patterns)


def is_left_out(destination: str) -> bool:
    """Whether a file that PyInstaller found is not needed in the app.

    Args:
        destination: its place below the app's folder, with slashes of either kind.
    """
    place = destination.replace("\\", "/")
    plugin = _PLUGIN.match(place)
    if plugin:
        return plugin[2] not in QT_PLUGINS.get(plugin[1], ())
    if place.startswith("PySide6/") and place.endswith(".qm"):
        return not matches(place, [f"*/qtbase_{language}.qm" for language in QT_LANGUAGES])
    module = _QT_MODULE.match(place)
    if module:
        return module[1] not in QT_MODULES
    if place.startswith("PySide6/"):
        return _is_unused_qt_library(place)
    return matches(place, _NEVER_NEEDED)


def _is_unused_qt_library(place: str) -> bool:
    if "/qml/" in place or matches(place, ("*/opengl32sw.dll", "*/d3dcompiler*.dll")):
        return True
    library = _QT_LIBRARY.match(place.rsplit("/", 1)[-1])
    return library is not None and library[1] not in QT_LIBRARIES
