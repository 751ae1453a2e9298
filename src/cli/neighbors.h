/* What the parts of the command neighbors share. */
#pragma once

#include "cli/session.h"
#include "core/vectors/search.h"
#include "io/index.h"
#include "io/table-match.h"

G_BEGIN_DECLS

#define CLI_NO_PICTURE ((size_t) -1)

/* One thing that is looked for. */
typedef struct
{
  char       *label;   /* as the first column has it */
  const char *path;    /* of a picture; NULL for rows and .npy files */
  size_t      picture; /* in the index; CLI_NO_PICTURE when it is not known there */
  gboolean    is_row;  /* asked for by its row, and left out of the answer */
} CliQuery;

typedef struct
{
  CliSession  session; /* started when there are pictures to encode */
  gboolean    has_session;
  const char *sheet, *pictures;
  gsize       k;
  gboolean    mean;                    /* --mean */
  int         patch_row, patch_column; /* -1 without --patch */

  struct dino_index *index;
  GArray            *queries; /* CliQuery */
  GArray            *vectors; /* float [queries, channels] */

  /* Without these rows. */
  char                       *same_column, *same_value; /* NULL without */
  uint64_t                   *chosen;
  uint32_t                   *groups;
  struct dino_search_without *without;

  struct dino_hit *hits; /* [queries, k] */
  size_t          *counts;

  /* Of --texts. */
  struct dino_table *texts;
  size_t            *text_rows; /* of each picture, DINO_TABLE_NO_ROW without */
  int                text_column;
} CliNeighbors;

/* Reads --query, encoding pictures, into queries and vectors. */
CliExit cli_neighbors_read_queries (CliNeighbors *self);

/* --where, --exclude-same, and the queries' own rows. */
CliExit cli_neighbors_read_filters (CliNeighbors *self);

/* --texts. */
CliExit     cli_neighbors_open_texts (CliNeighbors *self);
const char *cli_neighbors_text (const CliNeighbors *self, size_t picture);

/* TSV, or JSON. */
CliExit cli_neighbors_print (CliNeighbors *self);

/* --sheet. */
CliExit cli_neighbors_draw_sheet (CliNeighbors *self);

/* The picture that a row is of, and its patch. */
size_t cli_neighbors_picture (const CliNeighbors *self, size_t row);
void   cli_neighbors_patch (const CliNeighbors *self, size_t row, size_t *patch_row, size_t *patch_column);

G_END_DECLS
