#pragma once

#include <adwaita.h>

#include "core/encoder/precision.h"

G_BEGIN_DECLS

#define DINOSCOPE_TYPE_PRECISION_ROW (dinoscope_precision_row_get_type ())
G_DECLARE_FINAL_TYPE (DinoscopePrecisionRow, dinoscope_precision_row, DINOSCOPE, PRECISION_ROW, AdwActionRow)

/* A precision to choose, and what it is good for.
 *
 * Signal: "chosen": a person wants this one. */

/* problem: why it cannot be had here, NULL when it can. The first row has no
 * group; the others name it. */
DinoscopePrecisionRow *dinoscope_precision_row_new (enum dino_precision precision, const char *problem, DinoscopePrecisionRow *group);

enum dino_precision dinoscope_precision_row_get_precision (DinoscopePrecisionRow *self);

/* Whether it is the one that is asked for; selecting it is no choice of a person's. */
gboolean dinoscope_precision_row_get_selected (DinoscopePrecisionRow *self);
void     dinoscope_precision_row_select (DinoscopePrecisionRow *self);

G_END_DECLS
