#include "io/mask-file.h"

#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/patch-labels.h"
#include "io/kind.h"
#include "io/picture-helper.h"
#include "io/png.h"
#include "io/read.h"

bool
dino_mask_read (const char *path, uint8_t **values, int *width, int *height, struct dino_error *error)
{
  const struct dino_picture_helper_options options = { .as_mask = true };
  size_t                                   length;
  uint8_t                                 *data = dino_file_read (path, DINO_READ_MAX_FILE, &length, error);
  struct dino_picture                     *picture = NULL;

  if (data == NULL)
    return false;
  if (dino_kind_of (data, length) == DINO_KIND_PNG)
    picture = dino_picture_helper_decode (data, length, path, &options, error);
  else
    dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” is no PNG; a mask is a PNG whose indexes or greys are the classes."), path);
  dino_error_about (error, path);
  dino_free (data);
  if (picture == NULL)
    return false;
  *width = picture->width;
  *height = picture->height;
  *values = picture->samples8;
  picture->samples8 = NULL;
  dino_picture_unref (picture);
  return true;
}

bool
dino_mask_write (struct dino_output *output, const uint8_t *mask, int width, int height, const struct dino_classes *classes, struct dino_error *error)
{
  const size_t  n = (size_t) width * (size_t) height;
  const uint8_t unseen = dino_classes_unseen (classes);
  uint8_t       palette[256][4] = { 0 };
  uint8_t       values[256];
  uint8_t      *indexes = dino_alloc (n, 1, error);
  int           n_colors = 1;
  bool          good;

  if (indexes == NULL)
    return dino_error_about (error, dino_output_name (output));
  memset (values, unseen, sizeof values);
  for (int i = 0; i < classes->n; i++)
    {
      const struct dino_class *of = &classes->list[i];

      values[i] = of->value;
      memcpy (palette[of->value], of->rgb, sizeof of->rgb);
      palette[of->value][3] = 255;
    }
  for (size_t i = 0; i < n; i++)
    indexes[i] = values[mask[i]];
  for (size_t i = 0; i < n; i++)
    n_colors = indexes[i] >= n_colors ? indexes[i] + 1 : n_colors;
  for (int i = 0; i < classes->n; i++)
    n_colors = classes->list[i].value >= n_colors ? classes->list[i].value + 1 : n_colors;
  good = dino_png_write_indexed (output, indexes, width, height, palette[0], n_colors, error);
  dino_free (indexes);
  return good;
}
