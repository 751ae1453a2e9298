#pragma once

#include "app/dinoscope-page.h"

G_BEGIN_DECLS

typedef enum
{
  DINOSCOPE_STRONG_RANK, /* 1: no patch of the map has a larger value */
  DINOSCOPE_STRONG_ROW,
  DINOSCOPE_STRONG_COLUMN,
  DINOSCOPE_STRONG_VALUE,
  DINOSCOPE_STRONG_PERCENTILE,
  DINOSCOPE_STRONG_COSINE, /* with the last pin */
  DINOSCOPE_STRONG_NORM,
  DINOSCOPE_N_STRONG
} DinoscopeStrongNumber;

#define DINOSCOPE_TYPE_STRONG_PATCH (dinoscope_strong_patch_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopeStrongPatch, dinoscope_strong_patch, DINOSCOPE, STRONG_PATCH, GObject)

DinoscopePatch dinoscope_strong_patch_get_patch (DinoscopeStrongPatch *self);

/* NaN when there is no such number. */
double dinoscope_strong_patch_get_number (DinoscopeStrongPatch *self, DinoscopeStrongNumber number);

/* Takes the numbers of another one. Signal "changed" tells of it. */
void dinoscope_strong_patch_assign (DinoscopeStrongPatch *self, DinoscopeStrongPatch *other);

/* As it is read, "–" for none; exact: all its digits and a decimal point in
 * every locale, "" for none. (transfer full) */
char *dinoscope_strong_patch_format (DinoscopeStrongPatch *self, DinoscopeStrongNumber number, gboolean exact);

/* The title of the column. */
const char *dinoscope_strong_number_title (DinoscopeStrongNumber number);

/* The n patches with the largest values of the page's map, the largest first; of
 * three channels the first one's; of equal values in the order of reading. A
 * GListModel of DinoscopeStrongPatch, empty without a map. (transfer full) */
GListModel *dinoscope_strongest_patches (DinoscopePage *page, guint n);

/* A table of patches with the titles above them, tab separated values. (transfer full) */
char *dinoscope_strong_patches_to_tsv (GListModel *patches);

G_END_DECLS
