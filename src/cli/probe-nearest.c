#include "cli/probe-nearest.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/memory.h"
#include "core/base/text.h"

static gboolean
is_same_folder (const char *one, const char *other)
{
  struct stat a, b;

  return stat (one, &a) == 0 && stat (other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

CliExit
cli_probe_references_open (CliProbeReferences *references, const char *tested, enum dino_head_features kind, const CliSession *session)
{
  const char       *folder = cli_arguments_text (session->arguments, CLI_OPTION_KNN, NULL);
  struct dino_error error = { 0 };
  CliExit           code;

  references->same = is_same_folder (folder, tested);
  if (!cli_probe_pictures_open (&references->pictures, folder, &error))
    return cli_fail_about (&error, folder, CLI_EXIT_INPUT);
  code = cli_probe_labels_read (&references->labels, &references->pictures, NULL, session);
  if (code == CLI_EXIT_DONE && !cli_probe_pictures_read (&references->pictures, kind, &error))
    return cli_fail_about (&error, folder, CLI_EXIT_INPUT);
  return code;
}

void
cli_probe_references_clear (CliProbeReferences *references)
{
  cli_probe_labels_clear (&references->labels);
  cli_probe_pictures_clear (&references->pictures);
}

struct dino_head *
cli_probe_references_head (const CliProbeReferences *references, struct dino_error *error)
{
  const GPtrArray      *targets = references->labels.targets;
  const CliProbeTarget *first = targets->pdata[0];
  const gboolean        classify = references->labels.task == DINO_HEAD_CLASSIFY;
  struct dino_head     *head = dino_head_new (classify ? first->classes->len : targets->len, 1, error);

  if (head == NULL)
    return NULL;
  head->task = references->labels.task;
  for (guint k = 0; k < head->n_classes; k++)
    if (!dino_head_set_class (head, k, classify ? first->classes->pdata[k] : ((const CliProbeTarget *) targets->pdata[k])->name, error))
      {
        dino_head_free (head);
        return NULL;
      }
  return head;
}

/* What each reference says: one-hot, or its number; NAN where it is not known. */
static double *
list_values (const CliProbeTarget *target, size_t n, size_t n_values, struct dino_error *error)
{
  double *values = dino_alloc (n, n_values * sizeof *values, error);

  for (size_t i = 0; values != NULL && i < n; i++)
    for (size_t v = 0; v < n_values; v++)
      {
        if (target->labels == NULL)
          values[i] = target->values[i];
        else
          values[i * n_values + v] = target->labels[i] < 0 ? (double) NAN : target->labels[i] == (int) v;
      }
  return values;
}

/* The references' numbers of the pictures' groups; others get numbers that no reference has. */
static guint32 *
translate_groups (const CliProbeReferences *references, const CliProbeLabels *labels)
{
  g_autoptr (GHashTable) numbers = g_hash_table_new (g_str_hash, g_str_equal);
  guint32               *groups = g_new (guint32, MAX (labels->n, 1));

  for (size_t g = 0; references->labels.grouped && g < references->labels.n_groups; g++)
    g_hash_table_insert (numbers, references->labels.group_names->pdata[g], GSIZE_TO_POINTER (g + 1));
  for (size_t i = 0; i < labels->n; i++)
    {
      const gsize found = labels->grouped ? GPOINTER_TO_SIZE (g_hash_table_lookup (numbers, labels->group_names->pdata[labels->groups[i]])) : 0;

      groups[i] = (guint32) (found > 0 ? found - 1 : references->labels.n_groups);
      if (!labels->grouped && references->same)
        groups[i] = (guint32) labels->groups[i];
    }
  return groups;
}

static guint32 *
copy_groups (const CliProbeReferences *references)
{
  guint32 *groups = g_new (guint32, MAX (references->labels.n, 1));

  for (size_t i = 0; i < references->labels.n; i++)
    groups[i] = (guint32) references->labels.groups[i];
  return groups;
}

double *
cli_probe_references_predict (const CliProbeReferences *references, guint index, const CliProbePictures *pictures, const CliProbeLabels *labels, struct dino_team *team, const struct dino_progress *progress, struct dino_error *error)
{
  static const int      ks[] = DINO_KNN_KS;
  const CliProbeTarget *target = references->labels.targets->pdata[index];
  const size_t          n_values = target->classes != NULL ? target->classes->len : 1;
  g_autofree guint32   *groups = translate_groups (references, labels);
  g_autofree guint32   *own = copy_groups (references);
  double               *values = list_values (target, references->pictures.n, n_values, error);
  double               *means = dino_alloc (pictures->n, G_N_ELEMENTS (ks) * n_values * sizeof *means, error);
  const struct dino_knn knn = {
    .references = references->pictures.values,
    .n_references = references->pictures.n,
    .groups = own,
    .values = values,
    .n_values = n_values,
    .n_features = pictures->n_features,
    .temperature = DINO_KNN_TEMPERATURE,
  };
  const gboolean done = values != NULL && means != NULL &&
                        dino_knn_predict (&knn, pictures->values, groups, pictures->n, ks, G_N_ELEMENTS (ks), team, progress, means, error);

  dino_free (values);
  if (done)
    return means;
  dino_free (means);
  return NULL;
}
