#include "cli/segment.h"

#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "io/mask-file.h"

/* The picture's name up to the ending. (transfer full) */
static char *
find_stem (const char *picture)
{
  g_autofree char *name = g_path_get_basename (picture);
  char            *dot = strrchr (name, '.');

  if (dot != NULL && dot != name)
    *dot = '\0';
  return g_steal_pointer (&name);
}

char *
cli_segment_mask_path (CliSegment *self, const char *picture)
{
  g_autofree char *stem = find_stem (picture);
  g_autofree char *name = g_strconcat (stem, ".png", NULL);

  return g_build_filename (self->masks, name, NULL);
}

CliExit
cli_segment_check_masks (CliSegment *self)
{
  g_autoptr (GHashTable) stems = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  if (!g_file_test (self->masks, G_FILE_TEST_IS_DIR))
    {
      cli_usage_error (CLI_COMMAND_SEGMENT, _ ("--masks: “%s” is no directory."), self->masks);
      return CLI_EXIT_USAGE;
    }
  for (guint i = 0; i < self->pictures->len; i++)
    {
      char *stem = find_stem (self->pictures->pdata[i]);

      if (!g_hash_table_add (stems, stem))
        {
          cli_usage_error (CLI_COMMAND_SEGMENT, _ ("Two pictures are called “%s” and would have the same mask."), stem);
          return CLI_EXIT_USAGE;
        }
    }
  return CLI_EXIT_DONE;
}

static guint8 *
read_values (CliSegment *self, const char *picture, int *width, int *height, CliExit *code)
{
  g_autofree char  *path = cli_segment_mask_path (self, picture);
  struct dino_error error = { 0 };
  uint8_t          *values = NULL;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      cli_error (_ ("“%s” has no mask: there is no “%s”."), picture, path);
      *code = CLI_EXIT_INPUT;
    }
  else if (!dino_mask_read (path, &values, width, height, &error))
    *code = cli_fail_about (&error, path, CLI_EXIT_INPUT);
  return values;
}

/* The first value that is neither a class nor ignored; -1 when there is none. */
static int
find_stranger (CliSegment *self, const guint8 *values, gsize n, const struct dino_classes *classes)
{
  gboolean known[256];

  for (int value = 0; value < 256; value++)
    known[value] = value == self->ignore || dino_classes_find (classes, (uint8_t) value) >= 0;
  for (gsize i = 0; i < n; i++)
    if (!known[values[i]])
      return values[i];
  return -1;
}

guint8 *
cli_segment_read_mask (CliSegment *self, const char *picture, int width, int height, const struct dino_classes *classes, CliExit *code)
{
  g_autofree char *path = cli_segment_mask_path (self, picture);
  int              mask_width = 0, mask_height = 0, stranger;
  guint8          *values = read_values (self, picture, &mask_width, &mask_height, code);
  gsize            n = (gsize) width * (gsize) height;

  if (values == NULL)
    return NULL;
  if (mask_width != width || mask_height != height)
    {
      cli_error (_ ("“%s” is %d x %d pixels and the mask “%s” %d x %d; they must be equal."), picture, width, height, path, mask_width, mask_height);
      stranger = 0;
    }
  else
    {
      stranger = find_stranger (self, values, n, classes);
      if (stranger >= 0)
        cli_error (_ ("The mask “%s” has the value %d, which is no class; --ignore %d leaves it out."), path, stranger, stranger);
    }
  if (stranger >= 0)
    {
      dino_free (values);
      *code = CLI_EXIT_INPUT;
      return NULL;
    }
  /* An ignored value is no class, whatever the decoder's are. */
  if (self->ignore >= 0)
    {
      struct dino_classes kept = *classes;
      int                 index = dino_classes_find (&kept, (uint8_t) self->ignore);

      dino_classes_map (&kept, values, n, values);
      for (gsize i = 0; index >= 0 && i < n; i++)
        values[i] = values[i] == index ? 255 : values[i];
    }
  else
    dino_classes_map (classes, values, n, values);
  return values;
}

CliExit
cli_segment_find_classes (CliSegment *self, struct dino_classes *classes)
{
  gboolean          found[256] = { FALSE };
  struct dino_error error = { 0 };

  for (guint i = 0; i < self->pictures->len; i++)
    {
      int     width = 0, height = 0;
      CliExit code = CLI_EXIT_DONE;
      guint8 *values = read_values (self, self->pictures->pdata[i], &width, &height, &code);

      if (g_cancellable_is_cancelled (self->session.cancellable))
        code = CLI_EXIT_INTERRUPTED;
      for (gsize k = 0; values != NULL && k < (gsize) width * (gsize) height; k++)
        found[values[k]] = TRUE;
      dino_free (values);
      if (code == CLI_EXIT_INPUT)
        g_ptr_array_add (self->failed, self->pictures->pdata[i]);
      else if (code != CLI_EXIT_DONE)
        return code;
    }
  for (int value = 0; value < 256; value++)
    if (found[value] && value != self->ignore && !dino_classes_add (classes, (uint8_t) value, NULL, &error))
      {
        cli_error (_ ("The masks have more than %d values. Are they masks? Indexes or greys are the classes; --classes names those that count."), DINO_DECODER_MAX_CLASSES);
        return CLI_EXIT_INPUT;
      }
  return CLI_EXIT_DONE;
}

CliExit
cli_segment_parse_classes (const char *text, struct dino_classes *classes)
{
  g_auto (GStrv)    parts = g_strsplit (text, ",", -1);
  struct dino_error error = { 0 };

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char  *equals = strchr (parts[i], '=');
      gint64 value = -1;

      if (equals != NULL)
        *equals = '\0';
      if (!g_ascii_string_to_signed (parts[i], 10, 0, 255, &value, NULL) || dino_classes_find (classes, (uint8_t) value) >= 0 ||
          (equals != NULL && (equals[1] == '\0' || strlen (equals + 1) >= DINO_CLASS_NAME_LENGTH || !g_utf8_validate (equals + 1, -1, NULL))) ||
          !dino_classes_add (classes, (uint8_t) value, equals != NULL ? equals + 1 : NULL, &error))
        {
          cli_usage_error (CLI_COMMAND_SEGMENT, _ ("--classes needs different values from 0 to 255, at most %d, with names (“0=background,1=lung”), not “%s”."), DINO_DECODER_MAX_CLASSES, text);
          return CLI_EXIT_USAGE;
        }
    }
  return CLI_EXIT_DONE;
}
