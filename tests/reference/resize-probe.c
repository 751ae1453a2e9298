/* resize-probe FILE WIDTH HEIGHT OUT.npy: a picture's stored values resized by
 * B-spline, for test-dicom.py. */
#include <stdio.h>
#include <stdlib.h>

#include "core/base/memory.h"
#include "core/picture/resize-bspline.h"
#include "io/npy.h"
#include "io/read.h"

static bool
resize (const char *path, int width, int height, const char *target, struct dino_error *error)
{
  struct dino_picture *picture = dino_picture_read (path, NULL, error);
  const size_t         shape[2] = { (size_t) height, (size_t) width };
  float               *values = dino_alloc (shape[0], shape[1] * sizeof *values, error);
  struct dino_output  *output = dino_output_new (target, error);
  bool                 good = picture != NULL && values != NULL && output != NULL && dino_resize_bspline (picture, values, width, height, error) &&
              dino_npy_write (output, values, shape, 2, false, error);

  if (good)
    good = dino_output_commit (output, error);
  else
    dino_output_abort (output);
  dino_free (values);
  dino_picture_unref (picture);
  return good;
}

int
main (int argc, char **argv)
{
  struct dino_error error = { 0 };

  if (argc == 5 && resize (argv[1], atoi (argv[2]), atoi (argv[3]), argv[4], &error))
    return 0;
  fprintf (stderr, "%s\n", error.message);
  return 1;
}
