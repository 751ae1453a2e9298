/* A grey picture at its full depth, in several sizes. */
#pragma once

#include <gio/gio.h>

#include "core/picture/display.h"
#include "core/picture/window-level.h"

G_BEGIN_DECLS

/* Levels are halved until both sides are at most this. */
#define DINOSCOPE_SMALLEST_LEVEL 256

/* DINO_PICTURE_MAX_SIDE halved seven times is DINOSCOPE_SMALLEST_LEVEL. */
#define DINOSCOPE_MAX_LEVELS 8

/* Immutable; shared by the studies of one picture. Level 0 are the picture's
 * own samples; the further ones take a third as much again: 2/3 of a byte a
 * pixel at 16 bits. */
typedef struct _DinoscopeDepth DinoscopeDepth;

/* NULL with failure set when memory cannot be had, or cancelled. picture is grey. */
DinoscopeDepth *dinoscope_depth_new (struct dino_picture *picture, GCancellable *cancellable, struct dino_error *failure);
DinoscopeDepth *dinoscope_depth_ref (DinoscopeDepth *self);
void            dinoscope_depth_unref (DinoscopeDepth *self);

guint dinoscope_depth_get_n_levels (const DinoscopeDepth *self);
void  dinoscope_depth_get_size (const DinoscopeDepth *self, guint level, int *width, int *height);

/* greys [height, width of the level] = table[sample]; table has
 * dino_picture_n_levels() entries. */
void dinoscope_depth_apply (const DinoscopeDepth *self, guint level, const guint8 *table, guint8 *greys);

/* pixels [height, width] = palette[sample] of the box of a level that starts at
 * x, y; palette has dino_picture_n_levels() entries. */
void dinoscope_depth_draw (const DinoscopeDepth *self, guint level, const guint32 *palette, int x, int y, int width, int height, guint32 *pixels);

/* The windows that PERCENTILE and FULL amount to, measured once. */
const struct dino_window       *dinoscope_depth_get_percentile_window (const DinoscopeDepth *self);
const struct dino_window       *dinoscope_depth_get_full_window (const DinoscopeDepth *self);
const struct dino_window_scale *dinoscope_depth_get_scale (const DinoscopeDepth *self);

G_END_DECLS
