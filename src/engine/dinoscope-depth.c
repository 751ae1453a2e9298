#include "engine/dinoscope-depth-private.h"

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/picture/resize.h"

/* One of samples8 and samples16 is NULL. */
struct plane
{
  const guint8  *samples8;
  const guint16 *samples16;
  void          *owned; /* NULL for level 0, which is the picture's */
  int            width, height;
};

struct _DinoscopeDepth
{
  struct dino_picture     *picture;
  struct plane             planes[DINOSCOPE_MAX_LEVELS];
  guint                    n_planes;
  struct dino_window       percentile, full;
  struct dino_window_scale scale;
};

static void
depth_clear (gpointer data)
{
  DinoscopeDepth *self = data;

  for (guint i = 0; i < self->n_planes; i++)
    dino_free (self->planes[i].owned);
  dino_picture_unref (self->picture);
}

static gboolean
halve (const struct plane *from, struct plane *to, struct dino_error *failure)
{
  gboolean wide = from->samples16 != NULL;

  *to = (struct plane){ .width = (from->width + 1) / 2, .height = (from->height + 1) / 2 };
  to->owned = dino_alloc ((gsize) to->width * (gsize) to->height, wide ? 2 : 1, failure);
  if (to->owned == NULL)
    return FALSE;
  if (wide)
    {
      to->samples16 = to->owned;
      return dino_resize_area16 (from->samples16, from->width, from->height, to->owned, to->width, to->height, failure);
    }
  to->samples8 = to->owned;
  return dino_resize_area (from->samples8, from->width, from->height, 1, to->owned, to->width, to->height, failure);
}

static gboolean
build (DinoscopeDepth *self, GCancellable *cancellable, struct dino_error *failure)
{
  const struct dino_picture *picture = self->picture;
  struct plane               last = { picture->samples8, picture->samples16, NULL, picture->width, picture->height };

  self->planes[self->n_planes++] = last;
  while (MAX (last.width, last.height) > DINOSCOPE_SMALLEST_LEVEL && self->n_planes < DINOSCOPE_MAX_LEVELS)
    {
      gboolean good = halve (&self->planes[self->n_planes - 1], &last, failure);

      self->planes[self->n_planes++] = last;
      if (!good)
        return FALSE;
      if (g_cancellable_is_cancelled (cancellable))
        return dino_error_set (failure, DINO_CODE_CANCELLED, "%s", _ ("Cancelled."));
    }
  return TRUE;
}

static gboolean
measure (DinoscopeDepth *self, struct dino_error *failure)
{
  const struct dino_display percentile = { .kind = DINO_DISPLAY_PERCENTILE };
  const struct dino_display full = { .kind = DINO_DISPLAY_FULL };

  dino_window_scale_init (&self->scale, self->picture);
  return dino_display_window (self->picture, &percentile, &self->percentile, failure) &&
         dino_display_window (self->picture, &full, &self->full, failure);
}

DinoscopeDepth *
dinoscope_depth_new (struct dino_picture *picture, GCancellable *cancellable, struct dino_error *failure)
{
  DinoscopeDepth *self = g_atomic_rc_box_new0 (DinoscopeDepth);

  self->picture = dino_picture_ref (picture);
  if (build (self, cancellable, failure) && measure (self, failure))
    return self;
  dinoscope_depth_unref (self);
  return NULL;
}

DinoscopeDepth *
dinoscope_depth_ref (DinoscopeDepth *self)
{
  return g_atomic_rc_box_acquire (self);
}

void
dinoscope_depth_unref (DinoscopeDepth *self)
{
  g_atomic_rc_box_release_full (self, depth_clear);
}

guint
dinoscope_depth_get_n_levels (const DinoscopeDepth *self)
{
  return self->n_planes;
}

void
dinoscope_depth_get_size (const DinoscopeDepth *self, guint level, int *width, int *height)
{
  *width = self->planes[level].width;
  *height = self->planes[level].height;
}

void
dinoscope_depth_apply (const DinoscopeDepth *self, guint level, const guint8 *table, guint8 *greys)
{
  const struct plane *plane = &self->planes[level];
  gsize               count = (gsize) plane->width * (gsize) plane->height;

  for (gsize i = 0; i < count; i++)
    greys[i] = table[plane->samples16 != NULL ? plane->samples16[i] : plane->samples8[i]];
}

void
dinoscope_depth_draw (const DinoscopeDepth *self, guint level, const guint32 *palette, int x, int y, int width, int height, guint32 *pixels)
{
  const struct plane *plane = &self->planes[level];

  for (int row = 0; row < height; row++, pixels += width)
    {
      gsize first = (gsize) (y + row) * (gsize) plane->width + (gsize) x;

      if (plane->samples16 != NULL)
        for (int i = 0; i < width; i++)
          pixels[i] = palette[plane->samples16[first + (gsize) i]];
      else
        for (int i = 0; i < width; i++)
          pixels[i] = palette[plane->samples8[first + (gsize) i]];
    }
}

const struct dino_window *
dinoscope_depth_get_percentile_window (const DinoscopeDepth *self)
{
  return &self->percentile;
}

const struct dino_window *
dinoscope_depth_get_full_window (const DinoscopeDepth *self)
{
  return &self->full;
}

const struct dino_window_scale *
dinoscope_depth_get_scale (const DinoscopeDepth *self)
{
  return &self->scale;
}
