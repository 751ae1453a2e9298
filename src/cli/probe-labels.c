#include <math.h>
#include <string.h>

#include "cli/probe.h"
#include "core/base/text.h"
#include "io/table-match.h"

/* More distinct numbers than this in one column are a measurement, unless --task says otherwise. */
#define MOST_NUMBERS 20

/* Names in a message. */
#define MOST_NAMES 5

static const char *const uncertain_ways[] = { "ignore", "zero", "one" };

/* A label that the table does not have. */
#define NOT_KNOWN (-1)

typedef struct
{
  const CliArguments      *arguments;
  const struct dino_table *table;
  const struct dino_head  *head;      /* or NULL */
  size_t                  *rows;      /* [n], of the table, of each picture that counts */
  int                      uncertain; /* what -1 is: NOT_KNOWN, 0 or 1 */
  struct dino_error       *error;
} Reader;

static void
target_free (gpointer data)
{
  CliProbeTarget *target = data;

  g_free (target->name);
  g_clear_pointer (&target->classes, g_ptr_array_unref);
  g_free (target->labels);
  g_free (target->values);
  g_free (target);
}

void
cli_probe_labels_clear (CliProbeLabels *labels)
{
  g_clear_pointer (&labels->targets, g_ptr_array_unref);
  g_clear_pointer (&labels->group_names, g_ptr_array_unref);
  g_clear_pointer (&labels->unmatched_pictures, g_ptr_array_unref);
  g_clear_pointer (&labels->unmatched_rows, g_ptr_array_unref);
  g_clear_pointer (&labels->groups, g_free);
}

size_t *
cli_probe_target_known (const CliProbeTarget *target, size_t n, size_t *n_known)
{
  size_t *places = g_new (size_t, MAX (target->n_known, 1));

  *n_known = 0;
  for (size_t i = 0; i < n; i++)
    if (target->labels != NULL ? target->labels[i] != NOT_KNOWN : !isnan (target->values[i]))
      places[(*n_known)++] = i;
  return places;
}

static const char *
name_of (const void *data, size_t index)
{
  const CliProbePictures *pictures = data;

  return dino_embeddings_name (pictures->embeddings, pictures->rows[index]);
}

static const char *
key_name (const Reader *reader, size_t row)
{
  const char *name = cli_arguments_text (reader->arguments, CLI_OPTION_KEY, NULL);
  const int   column = dino_table_match_column (reader->table, name);

  return column >= 0 ? dino_table_get (reader->table, row, column) : "";
}

/* A row of the table is about one picture. */
static gboolean
check_rows (const Reader *reader, const size_t *rows, const CliProbePictures *pictures, CliProbeLabels *labels)
{
  const size_t       n = dino_table_n_rows (reader->table);
  g_autofree size_t *owners = g_new0 (size_t, MAX (n, 1));

  for (size_t i = 0; i < pictures->n; i++)
    if (rows[i] != DINO_TABLE_NO_ROW)
      {
        if (owners[rows[i]] > 0)
          return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”, line %zu: two pictures have this name, “%s” and “%s”."), dino_table_path (reader->table),
                                 dino_table_line (reader->table, rows[i]), name_of (pictures, owners[rows[i]] - 1), name_of (pictures, i));
        owners[rows[i]] = i + 1;
      }
  for (size_t row = 0; row < n; row++)
    if (owners[row] == 0)
      g_ptr_array_add (labels->unmatched_rows, g_strdup (key_name (reader, row)));
  return TRUE;
}

/* Keeps the pictures that the table has. */
static gboolean
join (Reader *reader, CliProbePictures *pictures, CliProbeLabels *labels)
{
  size_t *rows = reader->rows = g_new (size_t, MAX (pictures->n, 1));
  size_t  n = 0;

  if (!dino_table_match (reader->table, cli_arguments_text (reader->arguments, CLI_OPTION_KEY, NULL), name_of, pictures, pictures->n, rows, reader->error) ||
      !check_rows (reader, rows, pictures, labels))
    return FALSE;
  for (size_t i = 0; i < pictures->n; i++)
    if (rows[i] == DINO_TABLE_NO_ROW)
      g_ptr_array_add (labels->unmatched_pictures, g_strdup (name_of (pictures, i)));
    else
      {
        pictures->rows[n] = pictures->rows[i];
        rows[n++] = rows[i];
      }
  labels->n = pictures->n = n;
  return n > 0 || dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("No picture of “%s” is in “%s”: their names have nothing in common."),
                                  dino_embeddings_folder (pictures->embeddings), dino_table_path (reader->table));
}

static const char *
field (const Reader *reader, size_t i, int column)
{
  return dino_table_get (reader->table, reader->rows[i], column);
}

/* Whether all that a column says is 0, 1, -1 (uncertain) or nothing. */
static gboolean
is_binary (const Reader *reader, size_t n, int column)
{
  for (size_t i = 0; i < n; i++)
    {
      const char *text = field (reader, i, column);
      double      value;

      if (*text != '\0' && !(dino_parse_double (text, &value) && (value == 0 || value == 1 || value == -1)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_measurement (const Reader *reader, size_t n, int column)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (size_t i = 0; i < n; i++)
    {
      const char *text = field (reader, i, column);
      double      value;

      if (*text == '\0')
        continue;
      if (!dino_parse_double (text, &value))
        return FALSE;
      g_hash_table_add (seen, (gpointer) text);
    }
  return g_hash_table_size (seen) > MOST_NUMBERS;
}

static gboolean
choose_task (const Reader *reader, size_t n, const int *columns, guint n_columns, enum dino_head_task *task)
{
  const char *wanted = cli_arguments_text (reader->arguments, CLI_OPTION_TASK, NULL);
  gboolean    binary = TRUE;

  if (reader->head != NULL)
    {
      *task = reader->head->task;
      return TRUE;
    }
  if (wanted != NULL)
    return dino_head_task_parse (wanted, task);
  for (guint c = 0; binary && c < n_columns; c++)
    binary = is_binary (reader, n, columns[c]);
  *task = binary ? DINO_HEAD_MULTILABEL : DINO_HEAD_CLASSIFY;
  if (binary || (n_columns == 1 && !is_measurement (reader, n, columns[0])))
    return TRUE;
  return dino_error_set (reader->error, DINO_CODE_ARGUMENT, n_columns > 1 ? _ ("The columns are not all of 0, 1, -1 and nothing; say with --task what they are.") : _ ("The column has many different numbers; say with --task whether it is a number (regress) or classes (classify)."));
}

static int
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Names that occur, sorted by their bytes. */
static GPtrArray *
collect_classes (const Reader *reader, size_t n, int column)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray             *classes = g_ptr_array_new_with_free_func (g_free);

  for (size_t i = 0; i < n; i++)
    {
      const char *text = field (reader, i, column);

      if (*text != '\0' && g_hash_table_add (seen, (gpointer) text))
        g_ptr_array_add (classes, g_strdup (text));
    }
  g_ptr_array_sort (classes, compare_names);
  return classes;
}

static GPtrArray *
copy_classes (const struct dino_head *head)
{
  GPtrArray *classes = g_ptr_array_new_with_free_func (g_free);

  for (size_t k = 0; k < head->n_classes; k++)
    g_ptr_array_add (classes, g_strdup (head->classes[k]));
  return classes;
}

static gboolean
read_classes (const Reader *reader, CliProbeTarget *target, size_t n, int column)
{
  target->classes = reader->head != NULL ? copy_classes (reader->head) : collect_classes (reader, n, column);
  if (target->classes->len < 2)
    return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: the column “%s” has fewer than two classes among the pictures."), dino_table_path (reader->table), target->name);
  if (target->classes->len > DINO_HEAD_MAX_CLASSES)
    return dino_error_set (reader->error, DINO_CODE_LIMIT, _ ("“%s”: the column “%s” has more than %d classes."), dino_table_path (reader->table), target->name, DINO_HEAD_MAX_CLASSES);
  target->labels = g_new (int, n);
  for (size_t i = 0; i < n; i++)
    {
      const char *text = field (reader, i, column);
      guint       index = 0;

      target->labels[i] = NOT_KNOWN;
      if (*text == '\0')
        continue;
      if (!g_ptr_array_find_with_equal_func (target->classes, text, g_str_equal, &index))
        return dino_table_refuse (reader->table, reader->rows[i], column, _ ("the head has no class of this name"), reader->error);
      target->labels[i] = (int) index;
      target->n_known++;
    }
  return TRUE;
}

static gboolean
read_binary (const Reader *reader, CliProbeTarget *target, size_t n, int column)
{
  target->classes = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (target->classes, g_strdup ("0"));
  g_ptr_array_add (target->classes, g_strdup ("1"));
  target->labels = g_new (int, n);
  for (size_t i = 0; i < n; i++)
    {
      const char *text = field (reader, i, column);
      double      value;

      target->labels[i] = NOT_KNOWN;
      if (*text == '\0')
        continue;
      if (!dino_parse_double (text, &value) || (value != 0 && value != 1 && value != -1))
        return dino_table_refuse (reader->table, reader->rows[i], column, _ ("0, 1, -1 (uncertain) or nothing is needed"), reader->error);
      target->labels[i] = value < 0 ? reader->uncertain : (int) value;
      target->n_known += target->labels[i] != NOT_KNOWN;
    }
  return TRUE;
}

static gboolean
read_numbers (const Reader *reader, CliProbeTarget *target, size_t n, int column)
{
  target->values = g_new (double, n);
  for (size_t i = 0; i < n; i++)
    {
      target->values[i] = (double) NAN;
      if (*field (reader, i, column) == '\0')
        continue;
      if (!dino_table_get_double (reader->table, reader->rows[i], column, &target->values[i], reader->error))
        return FALSE;
      target->n_known++;
    }
  return TRUE;
}

static gboolean
read_target (const Reader *reader, CliProbeLabels *labels, int column)
{
  CliProbeTarget *target = g_new0 (CliProbeTarget, 1);
  gboolean        done;

  target->name = g_strdup (dino_table_column_name (reader->table, column));
  g_ptr_array_add (labels->targets, target);
  if (labels->task == DINO_HEAD_CLASSIFY)
    done = read_classes (reader, target, labels->n, column);
  else
    done = labels->task == DINO_HEAD_MULTILABEL ? read_binary (reader, target, labels->n, column) : read_numbers (reader, target, labels->n, column);
  return done && (target->n_known > 0 || dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: the column “%s” says nothing of any of the pictures."), dino_table_path (reader->table), target->name));
}

/* --label, or the names of a head that scores several things. */
static gboolean
find_columns (const Reader *reader, GArray *columns)
{
  const GPtrArray *names = reader->arguments->values[CLI_OPTION_LABEL];
  const gboolean   of_head = names == NULL && reader->head != NULL && reader->head->task != DINO_HEAD_CLASSIFY;
  const size_t     n = names != NULL ? names->len : of_head ? reader->head->n_classes
                                                            : 0;

  for (size_t i = 0; i < n; i++)
    {
      int column;

      if (!dino_table_need (reader->table, of_head ? reader->head->classes[i] : names->pdata[i], &column, reader->error))
        return FALSE;
      g_array_append_val (columns, column);
    }
  if (reader->head != NULL && reader->head->task != DINO_HEAD_CLASSIFY && columns->len != reader->head->n_classes)
    return dino_error_set (reader->error, DINO_CODE_ARGUMENT, _ ("The head has %zu scores; --label has to name as many columns, in their order."), reader->head->n_classes);
  return columns->len > 0 || dino_error_set (reader->error, DINO_CODE_ARGUMENT, _ ("Say with --label which column of the table is to be learned."));
}

static gboolean
read_targets (const Reader *reader, CliProbeLabels *labels)
{
  g_autoptr (GArray) columns = g_array_new (FALSE, FALSE, sizeof (int));
  const int         *first;

  if (!find_columns (reader, columns))
    return FALSE;
  first = (const int *) (void *) columns->data;
  if (!choose_task (reader, labels->n, first, columns->len, &labels->task))
    return FALSE;
  if (labels->task == DINO_HEAD_CLASSIFY && columns->len > 1)
    return dino_error_set (reader->error, DINO_CODE_ARGUMENT, _ ("Classes stand in one column; for several labels that do not exclude each other there is --task multilabel."));
  for (guint c = 0; c < columns->len; c++)
    if (!read_target (reader, labels, first[c]))
      return FALSE;
  return TRUE;
}

/* Groups are numbered in the order of their sorted names. A picture without a
 * name of a group would silently be a patient of its own. */
static gboolean
read_groups (const Reader *reader, CliProbeLabels *labels)
{
  const char            *name = cli_arguments_text (reader->arguments, CLI_OPTION_GROUP, NULL);
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  int                    column;

  labels->groups = g_new (size_t, labels->n);
  labels->n_groups = labels->n;
  for (size_t i = 0; i < labels->n; i++)
    labels->groups[i] = i;
  if (name == NULL)
    return TRUE;
  if (!dino_table_need (reader->table, name, &column, reader->error))
    return FALSE;
  for (size_t i = 0; i < labels->n; i++)
    if (*field (reader, i, column) == '\0')
      return dino_table_refuse (reader->table, reader->rows[i], column, _ ("the group is missing"), reader->error);
  labels->grouped = TRUE;
  labels->group_names = collect_classes (reader, labels->n, column);
  labels->n_groups = labels->group_names->len;
  for (guint g = 0; g < labels->group_names->len; g++)
    g_hash_table_insert (numbers, labels->group_names->pdata[g], GUINT_TO_POINTER (g));
  for (size_t i = 0; i < labels->n; i++)
    labels->groups[i] = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, field (reader, i, column)));
  return TRUE;
}

/* Some names, so that a person sees what is wrong with them (transfer full). */
static char *
join_some (const GPtrArray *names)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < names->len && i < MOST_NAMES; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", (const char *) names->pdata[i]);
  if (names->len > MOST_NAMES)
    g_string_append (text, ", …");
  return g_string_free (text, FALSE);
}

static void
say_unmatched (const CliProbeLabels *labels)
{
  g_autofree char *pictures = join_some (labels->unmatched_pictures);
  g_autofree char *rows = join_some (labels->unmatched_rows);

  if (*pictures != '\0')
    cli_note (_ ("Pictures that the table does not have: %u (%s)."), labels->unmatched_pictures->len, pictures);
  if (labels->unmatched_rows->len > 0)
    cli_note (_ ("Rows of the table without a picture: %u (%s)."), labels->unmatched_rows->len, rows);
}

CliExit
cli_probe_labels_read (CliProbeLabels *labels, CliProbePictures *pictures, const struct dino_head *head, const CliSession *session)
{
  const char        *path = cli_arguments_text (session->arguments, CLI_OPTION_TABLE, NULL);
  const char        *uncertain = cli_arguments_text (session->arguments, CLI_OPTION_UNCERTAIN, uncertain_ways[0]);
  struct dino_error  error = { 0 };
  struct dino_table *table;
  Reader             reader = { .arguments = session->arguments, .head = head, .error = &error };
  gboolean           done;

  if (path == NULL)
    return cli_probe_usage (_ ("Say with --table which file has the labels."));
  table = dino_table_read (path, &error);
  reader.table = table;
  reader.uncertain = strcmp (uncertain, "one") == 0 ? 1 : strcmp (uncertain, "zero") == 0 ? 0
                                                                                          : NOT_KNOWN;
  labels->targets = g_ptr_array_new_with_free_func (target_free);
  labels->unmatched_pictures = g_ptr_array_new_with_free_func (g_free);
  labels->unmatched_rows = g_ptr_array_new_with_free_func (g_free);
  done = table != NULL && join (&reader, pictures, labels) && read_targets (&reader, labels) && read_groups (&reader, labels);
  g_free (reader.rows);
  dino_table_free (table);
  if (!done)
    return cli_fail_about (&error, path, error.code == DINO_CODE_ARGUMENT ? CLI_EXIT_USAGE : CLI_EXIT_INPUT);
  if (!session->quiet)
    say_unmatched (labels);
  return CLI_EXIT_DONE;
}

static json_t *
list_names (const GPtrArray *names)
{
  json_t *list = json_array ();

  for (guint i = 0; i < names->len; i++)
    json_array_append_new (list, json_string (names->pdata[i]));
  return list;
}

json_t *
cli_probe_labels_report (const CliProbeLabels *labels)
{
  return json_pack ("{s:I, s:I, s:b, s:o, s:o}", "pictures", (json_int_t) labels->n, "groups", (json_int_t) labels->n_groups, "grouped", labels->grouped,
                    "unmatched_pictures", list_names (labels->unmatched_pictures), "unmatched_rows", list_names (labels->unmatched_rows));
}
