/* What the parts of the command map share. */
#pragma once

#include <jansson.h>

#include "cli/session.h"
#include "engine/dinoscope-sidecar.h"
#include "io/csv.h"
#include "render/compose.h"

G_BEGIN_DECLS

typedef struct
{
  CliSession  session;
  const char *output; /* NULL when no picture is wanted */
  const char *npy;
  const char *region;
  const char *save_basis;

  /* The recipe. */
  DinoscopeSidecar         *sidecar; /* of --from, or NULL */
  DinoscopeOverlayProvider *provider;
  GVariant                 *parameters; /* a{sv}, complete and checked */
  struct dino_map_style     style;
  DinoscopeSidecarView      view;
  DinoscopeSidecarShown     shown; /* as a sidecar says and no option changes */

  /* What --region names: boxes or a mask. */
  struct dino_named_box *boxes;
  size_t                 n_boxes;
  struct dino_picture   *mask;

  /* The first picture, opened while the model was loading. */
  DinoscopeStudy *first;
  gboolean        first_opened;
  CliExit         first_code;

  /* What the pictures are compared with. */
  DinoscopeModel *reference_model;
  GPtrArray      *references; /* DinoscopeFeatures, in their order */

  GHashTable *features; /* char * -> DinoscopeFeatures, encoded for the basis and kept */
  GPtrArray  *failed;   /* char *, inputs that failed */
  json_t     *results;
} CliMap;

/* map --list. */
CliExit cli_map_list (CliSession *session);

/* Names every plug-in that cannot be used, with the reason; returns how many. */
guint cli_map_name_broken_plugins (void);

/* Reads --from, --overlay and the drawing options; what needs no model. */
CliExit cli_map_read_recipe (CliMap *self);

/* Parameters from --set and the sidecar, once the model is there. */
CliExit cli_map_read_parameters (CliMap *self);

/* One more parameter, replacing what was there. value is sunk. */
void cli_map_set_parameter (CliMap *self, const char *name, GVariant *value);

/* Says when the sidecar of --from was made with another encoder. */
CliExit cli_map_compare_model (CliMap *self);

/* --reference and --reference-model, once the parameters are there: checks
 * that the overlay wants them, loads and encodes. */
CliExit cli_map_read_references (CliMap *self);

/* What the overlay looks at for one picture; NULL after saying why. */
DinoscopeContext *cli_map_make_context (CliMap *self, DinoscopeStudy *study, DinoscopeFeatures *features, CliExit *code);

/* What the encoder is to keep for the overlay, enum dino_keep. */
unsigned cli_map_keep (CliMap *self);

/* Encodes a picture for the overlay, or takes what was kept. */
DinoscopeFeatures *cli_map_encode (CliMap *self, const char *path, DinoscopeStudy *study, CliExit *code);

/* --save-basis: fits on all inputs, writes the file, and makes it the
 * overlay's basis. Bad inputs are said and added to failed. */
CliExit cli_map_save_basis (CliMap *self);

/* --region. */
CliExit cli_map_read_regions (CliMap *self);
CliExit cli_map_report_regions (CliMap *self, const char *path, DinoscopeStudy *study, DinoscopeMap *map, json_t *result);

/* Writes the picture with its sidecar, and the values, of one input. */
CliExit cli_map_write (CliMap *self, const char *path, DinoscopeStudy *study, DinoscopeFeatures *features, DinoscopeMap *map);

G_END_DECLS
