/* What 8-bit models are calibrated with. */
#include "core/encoder/calibration.h"
#include "engine/dinoscope-engine-private.h"
#include "engine/dinoscope-model-finder.h"
#include "io/read.h"

/* The same for every model and every user: their hash says so. */
static const char *const bundled[] = { "chest-01.png", "chest-02.png", "chest-03.png", "chest-04.png" };

/* The file of a model's own ranges; NULL when there is none. */
static char *
find_file (const char *model_path)
{
  g_autofree char *folder = g_file_test (model_path, G_FILE_TEST_IS_DIR) ? g_strdup (model_path) : g_path_get_dirname (model_path);
  g_autofree char *path = g_build_filename (folder, DINO_CALIBRATION_FILE, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) ? g_steal_pointer (&path) : NULL;
}

static struct dino_calibration *
calibrate_with_pictures (DinoscopeEngine *self, struct dino_error *error)
{
  struct dino_picture     *pictures[G_N_ELEMENTS (bundled)] = { NULL };
  struct dino_calibration *calibration = NULL;
  gboolean                 good = TRUE;

  for (gsize i = 0; good && i < G_N_ELEMENTS (bundled); i++)
    {
      g_autofree char *path = dinoscope_data_path ("examples", bundled[i], NULL);

      pictures[i] = dino_picture_read (path, NULL, error);
      good = pictures[i] != NULL;
    }
  if (good)
    calibration = dino_calibration_new (pictures, G_N_ELEMENTS (bundled), self->isa, self->team, error);
  for (gsize i = 0; i < G_N_ELEMENTS (bundled); i++)
    if (pictures[i] != NULL)
      dino_picture_unref (pictures[i]);
  return calibration;
}

struct dino_calibration *
dinoscope_engine_calibrate (DinoscopeEngine *self, const char *model_path, struct dino_error *error)
{
  g_autofree char *file = find_file (model_path);

  return file != NULL ? dino_calibration_read (file, error) : calibrate_with_pictures (self, error);
}
