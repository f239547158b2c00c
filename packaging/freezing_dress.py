"""How the frozen programs present themselves to Windows and macOS: names, versions, icons, what they open."""

from typing import Any

import contents

# Suffixes, type names of Apple, and whether the app owns the type.
IMAGE_TYPES = {
    "png": "public.png",
    "jpg": "public.jpeg",
    "jpeg": "public.jpeg",
    "webp": "org.webmproject.webp",
    "gif": "com.compuserve.gif",
    "bmp": "com.microsoft.bmp",
    "tif": "public.tiff",
    "tiff": "public.tiff",
    "avif": "public.avif",
    "heic": "public.heic",
    "heif": "public.heif",
    "pdf": "com.adobe.pdf",
}
CONVERSATIONS = f"{contents.BUNDLE_ID}.conversations"
OLDEST_MACOS = "14.0"

_RESOURCE = """\
VSVersionInfo(
  ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}, mask=0x3F, flags=0x0, OS=0x40004, fileType=0x1,
    subtype=0x0, date=(0, 0)),
  kids=[
    StringFileInfo([StringTable("040904B0", [
      StringStruct("CompanyName", "Sightline developers"),
      StringStruct("FileDescription", "{description}"),
      StringStruct("FileVersion", "{version}"),
      StringStruct("InternalName", "{name}"),
      StringStruct("OriginalFilename", "{name}.exe"),
      StringStruct("ProductName", "Sightline"),
      StringStruct("ProductVersion", "{version}"),
    ])]),
    VarFileInfo([VarStruct("Translation", [1033, 1200])]),
  ],
)
"""


def version_resource(name: str, version: str) -> str:
    """What Windows shows of a program in its properties and in the task manager, as PyInstaller reads it."""
    numbers = (*(int(number) for number in version.split(".")), 0, 0, 0)[:4]
    # The task manager shows this: no word of "console" for those who never see one.
    return _RESOURCE.format(numbers=numbers, version=version, name=name, description="Sightline")


def info_plist() -> dict[str, Any]:
    """What macOS reads of the bundle beyond its name and version."""
    images = sorted(set(IMAGE_TYPES.values()))
    return {
        "CFBundleDocumentTypes": [
            {
                "CFBundleTypeName": "Sightline conversations",
                "CFBundleTypeRole": "Viewer",
                "CFBundleTypeIconFile": "document.icns",
                "LSHandlerRank": "Owner",
                "LSItemContentTypes": [CONVERSATIONS],
            },
            {
                "CFBundleTypeName": "Image",
                "CFBundleTypeRole": "Viewer",
                # Offered by "open with", and never in place of what the user has chosen.
                "LSHandlerRank": "Alternate",
                "LSItemContentTypes": images,
            },
        ],
        "UTExportedTypeDeclarations": [
            {
                "UTTypeIdentifier": CONVERSATIONS,
                "UTTypeDescription": "Sightline conversations",
                "UTTypeConformsTo": ["public.data", "public.archive"],
                "UTTypeIconFile": "document.icns",
                "UTTypeTagSpecification": {
                    "public.filename-extension": ["sightline"],
                    "public.mime-type": ["application/vnd.sightline+zip"],
                },
            }
        ],
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": ["en", "zh-Hans"],
        "LSApplicationCategoryType": "public.app-category.productivity",
        "LSMinimumSystemVersion": OLDEST_MACOS,
        "NSHighResolutionCapable": True,
        "NSScreenCaptureUsageDescription": "Sightline captures the part of the screen that you choose.",
    }
