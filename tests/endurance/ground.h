/* A folder with everything that is opened: pictures good and bad, tables, encoders. */
#pragma once

#include <gio/gio.h>

#include "draw.h"

struct ground
{
  char *folder; /* removed at the end */
  char *pictures;
  char *exports;
  char *embeddings; /* NULL: none are there */
};

/* The folder's XDG directories are the program's from then on. */
void ground_init (struct ground *ground);
void ground_clear (struct ground *ground);

/* A file to open, of any kind; NULL at times, when there is none to be had. (transfer full) */
GFile *ground_draw_file (const struct ground *ground, struct draw *draw);

/* A file that opens as a picture. (transfer full) */
GFile *ground_draw_picture (const struct ground *ground, struct draw *draw);

/* A name for an export, with one of the program's suffixes or another. (transfer full) */
GFile *ground_draw_export (const struct ground *ground, struct draw *draw);

/* A folder of embeddings, or one that is none. (transfer full) */
GFile *ground_draw_folder (const struct ground *ground, struct draw *draw);

/* An encoder, or what is none. */
char *ground_draw_model (const struct ground *ground, struct draw *draw);

/* Takes files away, spoils them or brings them back. Returns what was done. (transfer full) */
char *ground_disturb (const struct ground *ground, struct draw *draw);

/* Keeps the folder of exports small. */
void ground_tidy (const struct ground *ground);
