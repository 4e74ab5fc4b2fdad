"""Draws a picture again in a process of its own, so that a hostile file can hurt nothing else.

Run by path with two arguments, where to read and where to write. It limits its own memory, time
and files before it touches the picture, writes WebP without metadata, and prints the size as JSON.
Beside the copy it writes a few blurred colours, which show nothing: that is what people see first.
"""

import json
import resource
import sys

SIDE_AT_MOST = 1600
PIXELS_AT_MOST = 60_000_000
MEMORY = 1_000 * 1024 * 1024
SECONDS = 10
BLURRED_SIDE = 12
FORMATS = ["JPEG", "PNG", "GIF", "WEBP", "BMP", "MPO"]


def limit() -> None:
    """Give up the right to much memory, long work and large files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20 * 1024 * 1024,) * 2)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def redraw(source: str, target: str) -> dict[str, int]:
    """Draw the first frame the right way up, no larger than a screen; return its new size."""
    import warnings

    from PIL import Image, ImageFilter, ImageOps

    warnings.simplefilter("error")
    Image.MAX_IMAGE_PIXELS = PIXELS_AT_MOST
    with Image.open(source, formats=FORMATS) as opened:
        opened.draft("RGB", (SIDE_AT_MOST, SIDE_AT_MOST))
        upright = ImageOps.exif_transpose(opened)
        upright.thumbnail((SIDE_AT_MOST, SIDE_AT_MOST))
        mode = "RGBA" if upright.mode in ("RGBA", "LA", "PA", "P") else "RGB"
        plain = Image.new(mode, upright.size)
        plain.paste(upright.convert(mode))
        plain.save(target, "WEBP", quality=80, method=4)
        colours = plain.convert("RGB")
        colours.thumbnail((BLURRED_SIDE, BLURRED_SIDE))
        colours.filter(ImageFilter.GaussianBlur(1)).save(f"{target}.blurred", "WEBP", quality=60)
    return {"width": plain.width, "height": plain.height}


if __name__ == "__main__":
    limit()
    sys.stdout.write(json.dumps(redraw(sys.argv[1], sys.argv[2])))
