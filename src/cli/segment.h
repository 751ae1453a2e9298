/* What the files of the command segment share. */
#pragma once

#include <jansson.h>

#include "cli/session.h"
#include "engine/dinoscope-engine-segment.h"

G_BEGIN_DECLS

typedef struct
{
  CliSession       session;
  GPtrArray       *pictures; /* const char *, the operands after the subcommand */
  const char      *output, *masks, *polygons;
  int              ignore; /* a value of masks, -1: none */
  enum dino_smooth smooth;

  DinoscopeDecoder *decoder; /* of test and apply */
  GPtrArray        *failed;  /* pictures that failed, each named already */
  json_t           *results;
} CliSegment;

CliExit cli_segment_train (CliSegment *self);
CliExit cli_segment_test (CliSegment *self);
CliExit cli_segment_apply (CliSegment *self);

/* A usage error of the command. */
CliExit cli_segment_usage (const char *message);

/* Loads what --head names, checks it against the model; the model is awaited. */
CliExit cli_segment_load (CliSegment *self);

/* Does something with each picture, opened and encoded; keep is enum dino_keep.
 * Those that fail are put to the failed ones, and CLI_EXIT_INPUT is what func
 * returns then; anything else but CLI_EXIT_DONE ends it. */
typedef CliExit (*CliSegmentFunc) (CliSegment *self, const char *path, DinoscopeStudy *study, DinoscopeFeatures *features, gpointer data);
CliExit cli_segment_each (CliSegment *self, unsigned keep, CliSegmentFunc func, gpointer data);

/* What blocks [n_blocks] need kept; none are the model's output. */
unsigned cli_segment_keep (CliSegment *self, const int *blocks, gsize n_blocks);

/* Adds "model", "results" and "failed" and prints object, which is taken over. */
CliExit cli_segment_print (CliSegment *self, json_t *object);

/* {"schema", "command", "subcommand"} */
json_t *cli_segment_json_new (CliSegment *self);

/* number, or null where there is none. */
json_t *cli_segment_number (double number);

/* segment-masks.c: the masks of pictures. */

/* The mask of a picture (transfer full): in the directory, with the picture's
 * name up to the ending and ".png". */
char *cli_segment_mask_path (CliSegment *self, const char *picture);

/* No two pictures have the same mask, and the directory is there. */
CliExit cli_segment_check_masks (CliSegment *self);

/* Its classes, [height, width] (dino_free()), or NULL after naming it and the
 * reason, with *code set: it is not there, has another size, or a value that is
 * neither a class nor ignored. */
guint8 *cli_segment_read_mask (CliSegment *self, const char *picture, int width, int height, const struct dino_classes *classes, CliExit *code);

/* Every value that occurs in masks becomes a class, but the one ignored. A
 * picture without a usable mask fails. */
CliExit cli_segment_find_classes (CliSegment *self, struct dino_classes *classes);

/* "0=background,255=lung". */
CliExit cli_segment_parse_classes (const char *text, struct dino_classes *classes);

G_END_DECLS
