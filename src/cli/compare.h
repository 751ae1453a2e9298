/* compare: two ways of looking at the same pictures. */
#pragma once

#include "cli/session.h"
#include "core/vectors/representation.h"

G_BEGIN_DECLS

/* One of them: an encoder, how it is run, and what it found. */
typedef struct
{
  DinoscopeModel         *model;
  struct dino_preparation preparation;
  guint                   n_blocks;
  int                    *blocks; /* [n_blocks] */
  guint                   width;  /* channels */
  float                 **rows;   /* [n_blocks][n, width] */
  double                 *ranks;  /* [n_blocks] effective ranks */
} CliCompareSide;

typedef struct
{
  CliSession     session;
  const char    *output; /* NULL: only what is printed */
  const char    *folder; /* where the files of output are written */
  gboolean       mean, norm, debiased;
  gsize          k; /* neighbours */
  const char    *blocks;
  gboolean       svg;
  gboolean       has_reference; /* else blocks are compared with each other */
  GPtrArray     *paths;         /* char *, in order */
  GPtrArray     *failed;        /* of them */
  CliCompareSide sides[2];      /* the second is empty without a reference */
  gsize          n;             /* pictures that both saw */
  double        *cka, *overlap; /* [blocks, reference's blocks] */
} CliCompare;

/* The second side, or the first where it is compared with itself. */
const CliCompareSide *cli_compare_reference (const CliCompare *self);

/* compare-encode.c: the rows of all sides. */
CliExit cli_compare_encode (CliCompare *self);

/* compare-write.c */
CliExit cli_compare_print (CliCompare *self);
CliExit cli_compare_write (CliCompare *self);

G_END_DECLS
