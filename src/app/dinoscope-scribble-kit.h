#pragma once

#include <glib-object.h>

#include "core/heads/classes.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_SCRIBBLE_KIT (dinoscope_scribble_kit_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeScribbleKit, dinoscope_scribble_kit, DINOSCOPE, SCRIBBLE_KIT, GObject)

/* What pictures are painted with, and how masks are shown: the same for all
 * pages of a window. Classes have numbers of their own, so that strokes know
 * theirs when others are removed.
 *
 * Properties: "brush" (diameter, pixels of the picture), "opacity" (0 … 1, of
 * masks), "mask-visible", "edges" (masks follow edges of the picture).
 * Signals:
 *   "changed": classes, the current one, or a property
 */

#define DINOSCOPE_SCRIBBLE_MIN_BRUSH 1.0
#define DINOSCOPE_SCRIBBLE_MAX_BRUSH 1000.0

typedef struct
{
  guint  number;
  char  *name;
  guint8 rgb[3];
} DinoscopeScribbleClass;

/* Two classes: what lies around, and a structure. */
DinoscopeScribbleKit *dinoscope_scribble_kit_new (void);

guint                         dinoscope_scribble_kit_get_n (DinoscopeScribbleKit *self);
const DinoscopeScribbleClass *dinoscope_scribble_kit_get (DinoscopeScribbleKit *self, guint index);

/* The class with a number; NULL when it was removed. */
const DinoscopeScribbleClass *dinoscope_scribble_kit_find (DinoscopeScribbleKit *self, guint number);

/* A new class at the end becomes the current one; FALSE when there is no room. */
gboolean dinoscope_scribble_kit_add (DinoscopeScribbleKit *self);

/* Two stay. */
gboolean dinoscope_scribble_kit_remove (DinoscopeScribbleKit *self, guint index);

/* An empty name, and one that is too long, is not taken. */
void dinoscope_scribble_kit_set_name (DinoscopeScribbleKit *self, guint index, const char *name);
void dinoscope_scribble_kit_set_color (DinoscopeScribbleKit *self, guint index, const guint8 rgb[3]);

guint dinoscope_scribble_kit_get_current (DinoscopeScribbleKit *self);
void  dinoscope_scribble_kit_set_current (DinoscopeScribbleKit *self, guint index);

double   dinoscope_scribble_kit_get_brush (DinoscopeScribbleKit *self);
double   dinoscope_scribble_kit_get_opacity (DinoscopeScribbleKit *self);
gboolean dinoscope_scribble_kit_get_mask_visible (DinoscopeScribbleKit *self);
gboolean dinoscope_scribble_kit_get_edges (DinoscopeScribbleKit *self);

/* Classes as a decoder has them: values 0, 1, … in the order of the kit. */
void dinoscope_scribble_kit_get_classes (DinoscopeScribbleKit *self, struct dino_classes *classes);

/* Names and colours of a decoder that was loaded; those that were there keep
 * their numbers by their places. */
void dinoscope_scribble_kit_take_classes (DinoscopeScribbleKit *self, const struct dino_classes *classes);

G_END_DECLS
