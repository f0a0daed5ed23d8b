"""Makes a picture anew from its dots alone, so that nothing else of it is left, and a preview."""

import io
import warnings
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from services.intake.files.sorts import UncleanError

MOST_DOTS = 24_000_000
"""That are held at once; photographs with more are read at a half, a quarter or an eighth."""

MOST_SIDE = 20_000
PREVIEW = (1280, 1280)
QUALITY, PREVIEW_QUALITY = 88, 78
AS_JPEG: dict[str, Any] = {"format": "JPEG", "quality": QUALITY}
SAVED_AS: dict[str, dict[str, Any]] = {
    "jpeg": AS_JPEG,
    "png": {"format": "PNG"},
    "webp": {"format": "WEBP", "quality": QUALITY},
}


def cleaned(content: bytes, kind: str) -> tuple[bytes, bytes]:
    """The preview, and the picture. Raises UncleanError."""
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = None  # it is looked at here, before anything is unpacked
    try:
        picture = _opened(content, kind)
        picture.load()
        dots = _in_colours(ImageOps.exif_transpose(picture), picture.info.get("icc_profile"))
    except UncleanError:
        raise
    except MemoryError:
        raise UncleanError("dots") from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, ArithmeticError):
        raise UncleanError("damaged") from None
    except Exception:  # noqa: BLE001  what decoders raise over a stranger's bytes is not written down
        raise UncleanError("damaged") from None
    small = dots.copy()
    small.thumbnail(PREVIEW)
    return _saved(_opaque(small), AS_JPEG | {"quality": PREVIEW_QUALITY}), _whole(dots, kind)


def _opened(content: bytes, kind: str) -> Image.Image:
    """Its size is known before anything is unpacked."""
    picture = Image.open(io.BytesIO(content), formats=[kind.upper()])
    if kind != "jpeg" and getattr(picture, "n_frames", 1) > 1:
        raise UncleanError("moving")
    if max(picture.size) > MOST_SIDE:
        raise UncleanError("dots")
    scale = 1
    while picture.size[0] * picture.size[1] > MOST_DOTS and kind == "jpeg" and scale < 8:  # noqa: PLR2004
        scale *= 2
        wide, high = picture.size
        picture.draft("RGB", (wide // 2, high // 2))
        if picture.size == (wide, high):
            break
    if picture.size[0] * picture.size[1] > MOST_DOTS:
        raise UncleanError("dots")
    return picture


def _in_colours(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In those of all screens: a profile may name the camera, and so it goes."""
    has_depth = picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info
    mode = "RGBA" if has_depth else "RGB"
    if profile and picture.mode in ("RGB", "RGBA", "CMYK", "L"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            target = ImageCms.createProfile("sRGB")
            depth = picture.getchannel("A") if picture.mode == "RGBA" else None
            plain = picture.convert("RGB") if picture.mode == "RGBA" else picture
            found = ImageCms.profileToProfile(plain, source, target, outputMode="RGB")
            if found is not None:
                if depth is not None:
                    found.putalpha(depth)
                return _bare(found)
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass  # a profile that can't be read changes no colours
    return _bare(picture.convert(mode))


def _bare(picture: Image.Image) -> Image.Image:
    """Nothing but dots: what was said beside them would be written again. What can't be seen has no
    colours: of what somebody wiped away they are often still there."""
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    if picture.mode == "RGBA":
        unseen = picture.getchannel("A").point(lambda depth: 0 if depth else 255)
        bare.paste((0, 0, 0, 0), mask=unseen)
    return bare


def _opaque(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _whole(dots: Image.Image, kind: str) -> bytes:
    return _saved(_opaque(dots) if kind == "jpeg" else dots, SAVED_AS[kind])


def _saved(picture: Image.Image, how: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    picture.save(out, **how)
    return out.getvalue()
