#include "cli/segment.h"

#include <math.h>

#include "cli/output.h"
#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/heads/overlap.h"
#include "io/output.h"

typedef struct
{
  struct dino_overlap total;
  GString            *table; /* what is printed */
} Test;

/* Blanks where a name could be taken for the end of a column or row. */
static void
append_text (GString *table, const char *text)
{
  for (; *text != '\0'; text++)
    g_string_append_c (table, (guchar) *text < ' ' ? ' ' : *text);
}

static void
append_score (GString *table, double score)
{
  char buffer[DINO_NUMBER_LENGTH];

  g_string_append_c (table, '\t');
  if (isfinite (score))
    g_string_append (table, dino_format_double (buffer, score));
}

/* The means leave out the first class, what lies around. */
static void
append_rows (GString *table, const char *scope, const char *picture, const struct dino_overlap *overlap, const struct dino_classes *classes)
{
  for (int c = 0; c < classes->n; c++)
    {
      g_string_append_printf (table, "%s\t", scope);
      append_text (table, picture);
      g_string_append_c (table, '\t');
      append_text (table, classes->list[c].name);
      append_score (table, dino_overlap_dice (overlap, (size_t) c));
      append_score (table, dino_overlap_iou (overlap, (size_t) c));
      g_string_append_printf (table, "\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\t%" G_GUINT64_FORMAT "\n", overlap->predicted[c], overlap->truth[c], overlap->both[c]);
    }
  g_string_append_printf (table, "%s-mean\t", scope);
  append_text (table, picture);
  g_string_append_c (table, '\t');
  append_score (table, dino_overlap_mean (overlap, dino_overlap_dice, 1, (size_t) classes->n));
  append_score (table, dino_overlap_mean (overlap, dino_overlap_iou, 1, (size_t) classes->n));
  g_string_append (table, "\t\t\t\n");
}

static json_t *
report (const struct dino_overlap *overlap, const struct dino_classes *classes)
{
  json_t *list = json_array ();

  for (int c = 0; c < classes->n; c++)
    json_array_append_new (list, json_pack ("{s:s, s:i, s:o, s:o, s:I, s:I, s:I}", "class", classes->list[c].name, "value", classes->list[c].value,
                                            "dice", cli_segment_number (dino_overlap_dice (overlap, (size_t) c)), "iou", cli_segment_number (dino_overlap_iou (overlap, (size_t) c)),
                                            "predicted", (json_int_t) overlap->predicted[c], "mask", (json_int_t) overlap->truth[c], "both", (json_int_t) overlap->both[c]));
  return json_pack ("{s:o, s:o, s:o}", "classes", list,
                    "dice", cli_segment_number (dino_overlap_mean (overlap, dino_overlap_dice, 1, (size_t) classes->n)),
                    "iou", cli_segment_number (dino_overlap_mean (overlap, dino_overlap_iou, 1, (size_t) classes->n)));
}

static CliExit
test_picture (CliSegment *self, const char *path, DinoscopeStudy *study, DinoscopeFeatures *features, gpointer data)
{
  Test                      *test = data;
  const struct dino_classes *classes = dinoscope_decoder_get_classes (self->decoder);
  const struct dino_picture *picture = dinoscope_study_get_picture (study);
  g_autoptr (GError)         error = NULL;
  g_autoptr (GBytes)         predicted = NULL;
  struct dino_overlap        overlap = { 0 };
  CliExit                    code = CLI_EXIT_DONE;
  guint8                    *mask = cli_segment_read_mask (self, path, picture->width, picture->height, classes, &code);
  json_t                    *object;

  if (mask == NULL)
    return code;
  predicted = dinoscope_engine_segment (self->session.engine, self->decoder, study, features, self->smooth, self->session.cancellable, &error);
  if (predicted != NULL)
    dino_overlap_add (&overlap, g_bytes_get_data (predicted, NULL), mask, g_bytes_get_size (predicted));
  dino_free (mask);
  if (predicted == NULL)
    {
      g_prefix_error (&error, "%s: ", path);
      return cli_fail (error, CLI_EXIT_INPUT);
    }
  dino_overlap_join (&test->total, &overlap);
  append_rows (test->table, "picture", path, &overlap, classes);
  object = report (&overlap, classes);
  json_object_set_new (object, "input", cli_json_text (path));
  json_object_set_new (object, "pixels_sha256", json_string (dinoscope_study_get_sha256 (study)));
  json_array_append_new (self->results, object);
  return CLI_EXIT_DONE;
}

static CliExit
write_table (CliSegment *self, const Test *test)
{
  struct dino_error   error = { 0 };
  struct dino_output *output = dino_output_new (self->output != NULL ? self->output : "-", &error);

  if (output == NULL)
    return cli_fail_core (&error, CLI_EXIT_OUTPUT);
  if (!dino_output_write (output, test->table->str, test->table->len, &error))
    {
      dino_output_abort (output);
      return cli_fail_core (&error, CLI_EXIT_OUTPUT);
    }
  return dino_output_commit (output, &error) ? CLI_EXIT_DONE : cli_fail_core (&error, CLI_EXIT_OUTPUT);
}

CliExit
cli_segment_test (CliSegment *self)
{
  const struct dino_decoder_head *head = dinoscope_decoder_get_head (self->decoder);
  Test                            test = { 0 };
  CliExit                         code = CLI_EXIT_DONE;
  json_t                         *object;

  if (self->session.json && self->output != NULL && cli_output_is_stdout (self->output))
    return cli_segment_usage (_ ("Only one result can go to standard output."));
  if (self->output != NULL)
    code = cli_output_check_inputs (CLI_COMMAND_SEGMENT, self->output, self->pictures);
  if (code != CLI_EXIT_DONE)
    return code;
  test.table = g_string_new ("scope\tpicture\tclass\tdice\tiou\tpredicted\tmask\tboth\n");
  code = cli_segment_each (self, cli_segment_keep (self, head->blocks, head->n_blocks), test_picture, &test);
  append_rows (test.table, "total", "", &test.total, &head->classes);
  if (code == CLI_EXIT_DONE && (!self->session.json || self->output != NULL))
    code = write_table (self, &test);
  if (code == CLI_EXIT_DONE && self->session.json)
    {
      object = cli_segment_json_new (self);
      json_object_set_new (object, "total", report (&test.total, &head->classes));
      code = cli_segment_print (self, object);
    }
  g_string_free (test.table, TRUE);
  return code;
}
