#pragma once

#include "core/maps/region.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_REGIONS (dinoscope_regions_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeRegions, dinoscope_regions, DINOSCOPE, REGIONS, GObject)

/* What a person marked on a picture: boxes and ellipses with labels, and at
 * most one mask. They stay with their picture: when it is there again, so are
 * they.
 *
 * Signals:
 *   "changed": shapes, labels, the selection or the mask; also when another
 *     picture has others
 */

typedef struct
{
  enum dino_shape shape;
  struct dino_box box;   /* pixels of the original; may stick out of the picture */
  char           *label; /* "" when there is none */
} DinoscopeRegion;

DinoscopeRegions *dinoscope_regions_new (void);

/* study may be NULL; nothing can be added then. */
void dinoscope_regions_set_study (DinoscopeRegions *self, DinoscopeStudy *study);

/* Whether that is the picture with this sha256 of its pixels. */
gboolean dinoscope_regions_is_of (DinoscopeRegions *self, const char *sha256);

guint dinoscope_regions_get_n (DinoscopeRegions *self);

/* (transfer none) until the next change. */
const DinoscopeRegion *dinoscope_regions_get (DinoscopeRegions *self, guint index);

/* The new region is selected; label may be NULL. Boxes may be given by any two
 * opposite corners. Returns its index, -1 without a picture or for numbers that
 * are not finite. */
int  dinoscope_regions_add (DinoscopeRegions *self, enum dino_shape shape, struct dino_box box, const char *label);
void dinoscope_regions_remove (DinoscopeRegions *self, guint index);
void dinoscope_regions_set_box (DinoscopeRegions *self, guint index, struct dino_box box);
void dinoscope_regions_set_label (DinoscopeRegions *self, guint index, const char *label);

/* Shapes and mask. */
void dinoscope_regions_clear (DinoscopeRegions *self);

/* -1: none. */
int  dinoscope_regions_get_selected (DinoscopeRegions *self);
void dinoscope_regions_select (DinoscopeRegions *self, int index);

/* Of the picture's size, which the caller has checked; name is shown. NULL removes it. */
void                 dinoscope_regions_set_mask (DinoscopeRegions *self, struct dino_picture *mask, const char *name);
struct dino_picture *dinoscope_regions_get_mask (DinoscopeRegions *self);
const char          *dinoscope_regions_get_mask_name (DinoscopeRegions *self);

/* "Region 2" or "Region 2: label". (transfer full) */
char *dinoscope_regions_dup_title (DinoscopeRegions *self, guint index);

/* While held a hand is at work: listeners that keep a history wait for the
 * "changed" that the release emits. */
void     dinoscope_regions_hold (DinoscopeRegions *self);
void     dinoscope_regions_release (DinoscopeRegions *self);
gboolean dinoscope_regions_is_held (DinoscopeRegions *self);

/* Shapes, without mask and selection: a{sv} of {"shapes": a(sdddds)} (transfer
 * full). restore() leaves the mask alone and ignores what it does not know. */
GVariant *dinoscope_regions_dup_state (DinoscopeRegions *self);
void      dinoscope_regions_restore (DinoscopeRegions *self, GVariant *state);

G_END_DECLS
