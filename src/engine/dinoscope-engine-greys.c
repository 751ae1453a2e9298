/* The greys of what is seen of a picture, on the greys thread. */
#include "engine/dinoscope-engine-private.h"

#include "core/base/memory.h"
#include "engine/dinoscope-error.h"
#include "engine/dinoscope-study-private.h"

static const char greys_tag[] = "greys";

typedef struct
{
  DinoscopeStudy     *study;
  struct dino_display display;
  gboolean            inverted;
  DinoscopePart       part;
} GreysRequest;

static void
greys_request_free (gpointer data)
{
  GreysRequest *request = data;

  g_object_unref (request->study);
  g_free (request);
}

static guint32
opaque (guint red, guint green, guint blue)
{
  return 0xff000000u | red << 16 | green << 8 | blue;
}

static gboolean
draw_grey (const GreysRequest *request, const DinoscopeDepth *depth, guint32 *pixels, struct dino_error *failure)
{
  const struct dino_picture *picture = dinoscope_study_get_picture (request->study);
  const DinoscopePart       *part = &request->part;
  gsize                      n_levels = dino_picture_n_levels (picture);
  guint8                    *table = dino_alloc (n_levels, 1, failure);
  guint32                   *palette = dino_alloc (n_levels, sizeof *palette, failure);
  gboolean                   good = table != NULL && palette != NULL && dino_display_table (picture, &request->display, request->inverted, table, failure);

  for (gsize i = 0; good && i < n_levels; i++)
    palette[i] = opaque (table[i], table[i], table[i]);
  if (good)
    dinoscope_depth_draw (depth, part->level, palette, part->x, part->y, part->width, part->height, pixels);
  dino_free (palette);
  dino_free (table);
  return good;
}

/* The study's levels are as its preparation shows them. */
static void
draw_colour (const GreysRequest *request, guint32 *pixels)
{
  const DinoscopePart *part = &request->part;
  gboolean             shown = dino_display_is_inverted (dinoscope_study_get_picture (request->study), dinoscope_study_get_preparation (request->study)->invert);
  guint8               mask = !shown == !request->inverted ? 0 : 0xff;
  int                  stride;
  const guint8        *rgb = g_bytes_get_data (dinoscope_study_get_level (request->study, part->level, &stride, NULL), NULL);

  for (int row = 0; row < part->height; row++)
    {
      const guint8 *from = rgb + ((gsize) (part->y + row) * (gsize) stride + (gsize) part->x) * 3;

      for (int i = 0; i < part->width; i++, from += 3)
        *pixels++ = opaque (from[0] ^ mask, from[1] ^ mask, from[2] ^ mask);
    }
}

static void
draw_greys_job (DinoscopeEngine *self, DinoscopeJob *job)
{
  const GreysRequest   *request = job->data;
  const DinoscopeDepth *depth = dinoscope_study_get_depth (request->study);
  gsize                 n = (gsize) request->part.width * (gsize) request->part.height;
  struct dino_error     failure = { 0 };
  guint32              *pixels = dino_alloc (n, sizeof *pixels, &failure);
  gboolean              good = pixels != NULL;

  if (good && depth != NULL)
    good = draw_grey (request, depth, pixels, &failure);
  else if (good)
    draw_colour (request, pixels);
  if (good)
    {
      job->result = g_bytes_new_with_free_func (pixels, n * sizeof *pixels, dino_free, pixels);
      return;
    }
  dino_free (pixels);
  dinoscope_set_error (&job->error, &failure, DINOSCOPE_ERROR_FAILED);
}

static void
free_pixels (gpointer data)
{
  g_bytes_unref (data);
}

static gboolean
is_inside (DinoscopeStudy *study, const DinoscopePart *part)
{
  int width, height;

  if (part->level >= dinoscope_study_get_n_levels (study))
    return FALSE;
  dinoscope_study_get_level (study, part->level, &width, &height);
  return part->width > 0 && part->height > 0 && part->x >= 0 && part->y >= 0 && part->x <= width - part->width && part->y <= height - part->height;
}

void
dinoscope_engine_draw_greys_async (DinoscopeEngine *self, DinoscopeStudy *study, const struct dino_display *display, gboolean inverted, const DinoscopePart *part, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data)
{
  GTask        *task;
  DinoscopeJob *job;
  GreysRequest *request;

  g_return_if_fail (DINOSCOPE_IS_ENGINE (self));
  g_return_if_fail (dinoscope_study_has_contents (study));
  g_return_if_fail (display != NULL && part != NULL);
  g_return_if_fail (is_inside (study, part));

  request = g_new0 (GreysRequest, 1);
  request->study = g_object_ref (study);
  request->display = *display;
  request->inverted = inverted;
  request->part = *part;

  task = dinoscope_engine_task_new (self, cancellable, callback, user_data, greys_tag);
  job = dinoscope_engine_task_job (task);
  job->func = draw_greys_job;
  job->kind = DINOSCOPE_JOB_REPLACES_GREYS;
  job->data = request;
  job->free_data = greys_request_free;
  job->free_result = free_pixels;
  dinoscope_engine_push_task (self, DINOSCOPE_LANE_GREYS, task);
}

GBytes *
dinoscope_engine_draw_greys_finish (DinoscopeEngine *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  g_return_val_if_fail (g_async_result_is_tagged (result, (gpointer) greys_tag), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}
