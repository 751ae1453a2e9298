#include "io/limits.h"

#include "core/base/text.h"
#include "core/picture/picture.h"

bool
dino_limits_check (uint64_t width, uint64_t height, const char *name, struct dino_error *error)
{
  if (width == 0 || height == 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” says that it has no pixels."), name);
  if (width > DINO_PICTURE_MAX_SIDE || height > DINO_PICTURE_MAX_SIDE || width * height > DINO_PICTURE_MAX_PIXELS)
    return dino_error_set (error, DINO_CODE_LIMIT, _ ("“%s” says that it has %llu × %llu pixels; at most %d on a side and %d million altogether are read."),
                           name, (unsigned long long) width, (unsigned long long) height,
                           DINO_PICTURE_MAX_SIDE, (int) (DINO_PICTURE_MAX_PIXELS / 1000000));
  return true;
}
