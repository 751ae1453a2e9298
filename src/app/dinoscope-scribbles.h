#pragma once

#include "core/heads/classes.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCRIBBLES (dinoscope_scribbles_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScribbles, dinoscope_scribbles, DINOSCOPE, SCRIBBLES, GObject)

/* What a person painted on a picture, and the mask that was made of it. Both stay
 * with their picture: when it is there again, so are they.
 *
 * Signals:
 *   "changed": strokes; also when another picture has others
 *   "mask-changed": the mask
 */

/* The number of a stroke that rubs out. */
#define DINOSCOPE_SCRIBBLE_RUBS_OUT G_MAXUINT

typedef struct
{
  guint   number; /* of the class in the kit, or DINOSCOPE_SCRIBBLE_RUBS_OUT */
  double  radius; /* pixels of the original */
  GArray *places; /* of double: x, y, x, y … in pixels of the original */
} DinoscopeScribbleStroke;

DinoscopeScribbles *dinoscope_scribbles_new (void);

/* study may be NULL; nothing can be painted then. */
void dinoscope_scribbles_set_study (DinoscopeScribbles *self, DinoscopeStudy *study);

guint                          dinoscope_scribbles_get_n (DinoscopeScribbles *self);
const DinoscopeScribbleStroke *dinoscope_scribbles_get (DinoscopeScribbles *self, guint index);

/* A stroke: it begins with a dot, and is held until its end. */
void dinoscope_scribbles_begin (DinoscopeScribbles *self, guint number, double radius, double x, double y);
void dinoscope_scribbles_extend (DinoscopeScribbles *self, double x, double y);
void dinoscope_scribbles_end (DinoscopeScribbles *self);

/* Takes all strokes away, not the mask. */
void dinoscope_scribbles_clear (DinoscopeScribbles *self);

/* While held a hand is at work: listeners that keep a history wait for the
 * "changed" of its end. */
gboolean dinoscope_scribbles_is_held (DinoscopeScribbles *self);

/* The mask [height, width] of the picture with the classes that it has; NULL
 * removes it. */
void                       dinoscope_scribbles_set_mask (DinoscopeScribbles *self, GBytes *mask, const struct dino_classes *classes);
GBytes                    *dinoscope_scribbles_get_mask (DinoscopeScribbles *self);
const struct dino_classes *dinoscope_scribbles_get_mask_classes (DinoscopeScribbles *self);

/* Removes the masks of all pictures. */
void dinoscope_scribbles_drop_masks (DinoscopeScribbles *self);

/* Strokes, without the mask: a{sv} of {"strokes": a(udad)} (transfer full).
 * restore() leaves the mask alone and ignores what it does not know. */
GVariant *dinoscope_scribbles_dup_state (DinoscopeScribbles *self);
void      dinoscope_scribbles_restore (DinoscopeScribbles *self, GVariant *state);

G_END_DECLS
