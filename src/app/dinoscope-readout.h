#pragma once

#include "app/dinoscope-patch-numbers.h"
#include "engine/dinoscope.h"

G_BEGIN_DECLS

/* The numbers under the pointer or at the selected patch. */
typedef struct
{
  gboolean has_pixel; /* x, y lie in the picture */
  int      x, y;
  guint    channels; /* 1 or 3 */
  int      stored[3];

  gboolean has_modality; /* it differs from the stored value */
  double   modality;
  char     unit[17]; /* "HU", "" */
  gboolean is_padding;

  gboolean has_cell; /* a token without a place in the picture, drawn beside the map */
  char     cell[16]; /* "CLS" */

  gboolean        has_patch; /* the model saw this place */
  guint           row, column;
  struct dino_box box; /* of the patch, pixels of the original; it may reach beyond them */

  guint    n_values; /* map channels, 0: no map or an invalid cell */
  double   values[3];
  double   percentiles[3]; /* share of the map's cells that are not larger, 0 … 100 */
  gboolean has_norm;
  double   norm; /* L2, of the patch token after the block shown, before the final LayerNorm */
  gboolean has_cosine;
  double   cosine; /* with the last pin */
  gboolean has_attention;
  double   attention;      /* of the CLS token to the patch */
  guint    attention_rank; /* 1: no patch has more */
} DinoscopeReadout;

/* study must be given; geometry, map and numbers may be NULL. x, y are pixels of the picture. */
void dinoscope_readout_at_point (DinoscopeReadout *readout, DinoscopeStudy *study, const struct dino_geometry *geometry, DinoscopeMap *map, DinoscopePatchNumbers *numbers, double x, double y);

/* The same for a patch; the pixel is the one at its centre. */
void dinoscope_readout_at_patch (DinoscopeReadout *readout, DinoscopeStudy *study, const struct dino_geometry *geometry, DinoscopeMap *map, DinoscopePatchNumbers *numbers, int row, int column);

/* The same for a token that has no place in the picture, of map's cells. */
void dinoscope_readout_at_cell (DinoscopeReadout *readout, DinoscopeMap *map, int cell);

/* Texts for the status line; "" when there is nothing to say. (transfer full) */
char *dinoscope_readout_describe_pixel (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_stored (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_patch (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_values (const DinoscopeReadout *readout, DinoscopeMap *map);
char *dinoscope_readout_describe_percentiles (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_norm (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_cosine (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_attention (const DinoscopeReadout *readout);
char *dinoscope_readout_describe_box (const DinoscopeReadout *readout);

G_END_DECLS
