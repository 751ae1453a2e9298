#include "cli/neighbors.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "engine/dinoscope-paths-private.h"
#include "io/png.h"
#include "io/read.h"
#include "render/contact-sheet.h"

/* The contacts of a sheet, with what they point to. */
typedef struct
{
  GArray    *contacts; /* struct dino_contact */
  GPtrArray *texts, *pictures;
  guint      missing;

  struct dino_error why; /* the first one is missing */
} Sheet;

/* A small copy of a file, NULL when it cannot be read. */
static struct dino_thumbnail *
read_thumbnail (const CliNeighbors *self, Sheet *sheet, const char *path)
{
  const struct dino_read_options options = { .ignore_exif = cli_arguments_has (self->session.arguments, CLI_OPTION_NO_EXIF) };
  struct dino_error              error = { 0 };
  struct dino_picture           *picture = dino_picture_read (path, &options, &error);
  struct dino_thumbnail         *thumbnail = picture != NULL ? dino_thumbnail_new (picture, DINO_CONTACT_SIDE, &error) : NULL;

  if (thumbnail == NULL && sheet->why.code == DINO_CODE_NONE)
    sheet->why = error;
  dino_picture_unref (picture);
  return thumbnail;
}

static const char *
keep (Sheet *sheet, char *text)
{
  g_ptr_array_add (sheet->texts, text);
  return text;
}

static void
add (Sheet *sheet, struct dino_thumbnail *picture, char *title, char *detail, gboolean framed)
{
  const struct dino_contact contact = { .picture = picture, .title = keep (sheet, title), .detail = keep (sheet, detail), .framed = framed };

  if (picture != NULL)
    g_ptr_array_add (sheet->pictures, picture);
  else
    sheet->missing++;
  g_array_append_val (sheet->contacts, contact);
}

static struct dino_thumbnail *
read_indexed (const CliNeighbors *self, Sheet *sheet, size_t picture)
{
  g_autofree char *path = g_build_filename (self->pictures != NULL ? self->pictures : ".", dino_index_name (self->index, picture), NULL);

  return read_thumbnail (self, sheet, path);
}

static void
add_query (const CliNeighbors *self, Sheet *sheet, const CliQuery *query)
{
  struct dino_thumbnail *picture = query->path != NULL ? read_thumbnail (self, sheet, query->path) : query->picture != CLI_NO_PICTURE ? read_indexed (self, sheet, query->picture)
                                                                                                                                      : NULL;
  g_autofree char       *base = query->path != NULL ? g_path_get_basename (query->path) : g_strdup (query->label);
  char                  *title = query->path == NULL && query->picture != CLI_NO_PICTURE ? dinoscope_display_name (dino_index_name (self->index, query->picture)) : dinoscope_display_name (base);

  add (sheet, picture, title, self->patch_row >= 0 ? g_strdup_printf (_ ("asked for: patch %d:%d"), self->patch_row, self->patch_column) : g_strdup (_ ("asked for")), TRUE);
}

static void
add_hit (const CliNeighbors *self, Sheet *sheet, size_t rank, const struct dino_hit *hit)
{
  const size_t picture = cli_neighbors_picture (self, hit->row);
  size_t       row, column;
  char        *detail;

  cli_neighbors_patch (self, hit->row, &row, &column);
  if (self->patch_row >= 0)
    /* Translators: rank, cosine, row and column of a patch. */
    detail = g_strdup_printf (_ ("%zu. cosine %.4f, patch %zu:%zu"), rank, (double) hit->cosine, row, column);
  else
    /* Translators: rank and cosine. */
    detail = g_strdup_printf (_ ("%zu. cosine %.4f"), rank, (double) hit->cosine);
  add (sheet, read_indexed (self, sheet, picture), g_strdup (dino_index_name (self->index, picture)), detail, FALSE);
}

static CliExit
write_sheet (CliNeighbors *self, const Sheet *sheet, size_t columns, const char *heading)
{
  struct dino_error   error = { 0 };
  int                 width, height;
  uint8_t            *pixels = dino_contact_sheet_draw ((const struct dino_contact *) (void *) sheet->contacts->data, sheet->contacts->len, columns, heading, &width, &height, &error);
  struct dino_output *output = pixels != NULL ? dino_output_new (self->sheet, &error) : NULL;
  bool                good = false;

  if (output != NULL && dino_png_write (output, pixels, width, height, 3, &error))
    good = dino_output_commit (output, &error);
  else
    dino_output_abort (output);
  dino_free (pixels);
  return good ? CLI_EXIT_DONE : cli_fail_about (&error, self->sheet, CLI_EXIT_OUTPUT);
}

/* One query and its neighbours fill as many rows as they need; of several, each
 * begins a row. */
CliExit
cli_neighbors_draw_sheet (CliNeighbors *self)
{
  const char      *model = dino_index_origin (self->index)->model_name;
  const size_t     columns = self->queries->len > 1 ? MIN (self->k + 1, 11) : MIN (self->k + 1, 6);
  Sheet            sheet = { .contacts = g_array_new (FALSE, FALSE, sizeof (struct dino_contact)), .texts = g_ptr_array_new_with_free_func (g_free), .pictures = g_ptr_array_new_with_free_func (dino_free) };
  g_autofree char *heading = NULL;
  CliExit          code;

  for (guint i = 0; i < self->queries->len; i++)
    {
      add_query (self, &sheet, &g_array_index (self->queries, CliQuery, i));
      for (size_t j = 0; j < self->counts[i] && (self->queries->len == 1 || j + 1 < columns); j++)
        add_hit (self, &sheet, j + 1, &self->hits[i * self->k + j]);
    }
  heading = *model != '\0' ? g_strdup_printf (_ ("Nearest pictures by %s"), model) : g_strdup (_ ("Nearest pictures"));
  code = write_sheet (self, &sheet, columns, heading);
  if (sheet.missing > 0 && !self->session.quiet)
    cli_note (dngettext (DINO_GETTEXT_DOMAIN, "%u picture of the sheet cannot be read; --pictures DIR says where their names begin.", "%u pictures of the sheet cannot be read; --pictures DIR says where their names begin.", sheet.missing), sheet.missing);
  if (sheet.why.code != DINO_CODE_NONE && !self->session.quiet)
    cli_note ("%s", sheet.why.message);
  g_array_unref (sheet.contacts);
  g_ptr_array_unref (sheet.texts);
  g_ptr_array_unref (sheet.pictures);
  return code;
}
