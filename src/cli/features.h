/* What features.c and its two writers share. */
#pragma once

#include "cli/session.h"

G_BEGIN_DECLS

typedef struct
{
  int block;
  int head; /* -1: all */
} CliAttention;

typedef struct
{
  CliSession  session;
  const char *image;        /* NULL with raw_pixels */
  const char *output;       /* NULL when only the input is to be written */
  const char *pixel_values; /* path, or NULL */
  const char *raw_pixels;   /* path, or NULL */
  gboolean    safetensors;  /* the format of output */
  const char *what;
  const char *facet;
  int         block; /* -1: the model's output */
  gboolean    norm;
  gboolean    half;
  gboolean    hidden;
  GArray     *attentions; /* CliAttention */

  DinoscopeStudy    *study; /* NULL with raw_pixels */
  float             *input; /* [3, height, width]; NULL when not needed */
  int                width, height;
  DinoscopeFeatures *features;
} CliFeatures;

/* One array, as --what, --facet and --block say. */
CliExit cli_features_write_npy (CliFeatures *self);

/* Input, output, and the hidden states and attention that were asked for. */
CliExit cli_features_write_safetensors (CliFeatures *self);

G_END_DECLS
