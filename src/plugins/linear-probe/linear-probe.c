/* The score of a linear head, patch by patch. */
#include <math.h>

#include "head.h"

#define MAX_CLASS 9999

#define LINEAR_PROBE_TYPE_OVERLAY (linear_probe_overlay_get_type ())
G_DECLARE_FINAL_TYPE (LinearProbeOverlay, linear_probe_overlay, LINEAR_PROBE, OVERLAY, GObject)

struct _LinearProbeOverlay
{
  GObject parent_instance;
};

static const char *
get_id (DinoscopeOverlayProvider *provider)
{
  return "linear-probe";
}

static const char *
get_title (DinoscopeOverlayProvider *provider)
{
  return _ ("Linear probe");
}

static GListModel *
list_parameters (DinoscopeOverlayProvider *provider, DinoscopeModel *model)
{
  const char *const              words[] = { "logit", "sigmoid", "softmax", NULL };
  const char *const              titles[] = { _ ("Logit"), _ ("Sigmoid"), _ ("Softmax"), NULL };
  GListStore                    *list = g_list_store_new (DINOSCOPE_TYPE_PARAMETER);
  g_autoptr (DinoscopeParameter) weights = dinoscope_parameter_new_file ("weights", _ ("Weights"));
  g_autoptr (DinoscopeParameter) number = dinoscope_parameter_new_int ("class", _ ("Class"), 0, MAX_CLASS, 0);
  g_autoptr (DinoscopeParameter) score = dinoscope_parameter_new_enum ("score", _ ("Score"), words, titles, words[0]);

  g_list_store_append (list, weights);
  g_list_store_append (list, number);
  g_list_store_append (list, score);
  return G_LIST_MODEL (list);
}

/* Which block a head looks at stands in its file, which is not read here: this
 * is asked for on the main thread. */
static void
get_needs (DinoscopeOverlayProvider *provider, DinoscopeModel *model, GVariant *parameters, DinoscopeOverlayNeeds *needs)
{
  needs->last_block = (int) dinoscope_model_get_n_blocks (model) - 1;
  needs->output = TRUE;
}

typedef struct
{
  const Head  *head;
  const float *tokens;
  guint        channels, first, n_patches;
} Work;

/* What CLS adds to the logit of a class, the same in every patch; with the bias. */
static double
constant_part (const Work *work, guint class)
{
  const float *weight = (const float *) g_bytes_get_data (work->head->weight, NULL) + (gsize) class * work->head->n_weights;
  double       sum = ((const float *) g_bytes_get_data (work->head->bias, NULL))[class];

  if (work->head->features == HEAD_CLS_MEAN)
    for (guint c = 0; c < work->channels; c++)
      sum += (double) weight[c] * work->tokens[c];
  return sum;
}

static double
patch_part (const Work *work, guint class, guint patch)
{
  const float *weight = (const float *) g_bytes_get_data (work->head->weight, NULL) + (gsize) class * work->head->n_weights;
  const float *token = work->tokens + (gsize) (work->first + patch) * work->channels;
  double       sum = 0;

  if (work->head->features == HEAD_CLS_MEAN)
    weight += work->channels;
  for (guint c = 0; c < work->channels; c++)
    sum += (double) weight[c] * token[c];
  return sum;
}

/* The share of one class in all of them. */
static double
softmax (const Work *work, const double *constants, guint class, guint patch)
{
  double mine = constants[class] + patch_part (work, class, patch);
  double sum = 0;

  /* Relative to the class itself: an overflow is the right 0. */
  for (guint k = 0; k < work->head->n_classes; k++)
    sum += k == class ? 1 : exp (constants[k] + patch_part (work, k, patch) - mine);
  return 1 / sum;
}

static double
score_patch (const Work *work, const double *constants, guint class, const char *score, guint patch)
{
  double logit;

  if (g_str_equal (score, "softmax"))
    return softmax (work, constants, class, patch);
  logit = constants[class] + patch_part (work, class, patch);
  return g_str_equal (score, "sigmoid") ? 1 / (1 + exp (-logit)) : logit;
}

static GBytes *
score_patches (const Work *work, guint class, const char *score, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  g_autofree double *constants = g_new (double, work->head->n_classes);
  g_autofree float  *values = g_new (float, work->n_patches);

  for (guint k = 0; k < work->head->n_classes; k++)
    constants[k] = constant_part (work, k);
  for (guint patch = 0; patch < work->n_patches; patch++)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      if (progress != NULL && patch % 64 == 0)
        progress ((double) patch / work->n_patches, progress_data);
      values[patch] = (float) score_patch (work, constants, class, score, patch);
    }
  return g_bytes_new_take (g_steal_pointer (&values), work->n_patches * sizeof *values);
}

static char *
describe_score (const Head *head, guint class, const char *score)
{
  const char *name = head->classes[class];

  if (g_str_equal (score, "sigmoid"))
    return g_strdup_printf (_ ("Sigmoid of the logit of class %u, “%s”, of %u."), class, name, head->n_classes);
  if (g_str_equal (score, "softmax"))
    return g_strdup_printf (_ ("Softmax of class %u, “%s”, of %u."), class, name, head->n_classes);
  return g_strdup_printf (_ ("Logit of class %u, “%s”, of %u."), class, name, head->n_classes);
}

static char *
describe (const Head *head, guint class, const char *score)
{
  g_autofree char    *what = describe_score (head, class, score);
  g_autoptr (GString) text = g_string_new (what);

  if (head->features == HEAD_PATCHES)
    g_string_append (text, _ (" The head was fitted on patches."));
  else if (g_str_equal (score, "logit"))
    g_string_append (text, _ (" The head was fitted on the mean patch: each cell is the score that it would have alone, and the score of the picture is the mean of the cells."));
  else
    g_string_append (text, _ (" The head was fitted on the mean patch: each cell is the score that it would have alone."));
  if (head->block >= 0)
    g_string_append_printf (text, _ (" Block %d."), head->block);
  if (head->model_sha256 == NULL)
    g_string_append (text, _ (" The file does not say which encoder it was fitted on."));
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static DinoscopeMap *
new_map (DinoscopeFeatures *features, GBytes *values, const Head *head, guint class, const char *score, GError **error)
{
  DinoscopeMap    *map = dinoscope_map_new_for_features (features, 1, values, error);
  g_autofree char *title = g_strdup_printf (_ ("Linear probe: %s"), head->classes[class]);
  g_autofree char *legend = describe (head, class, score);

  if (map == NULL)
    return NULL;
  dinoscope_map_set_texts (map, title, legend, g_str_equal (score, "logit") ? _ ("logit") : "");
  if (g_str_equal (score, "logit"))
    {
      dinoscope_map_set_signed (map, TRUE);
      dinoscope_map_set_colormap (map, "vik");
    }
  else
    dinoscope_map_set_range (map, 0, 1);
  return map;
}

static gboolean
check_class (const Head *head, int class, GError **error)
{
  if ((guint) class < head->n_classes)
    return TRUE;
  g_set_error (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("The head has no class %d; its last one is %u, “%s”."), class, head->n_classes - 1, head->classes[head->n_classes - 1]);
  return FALSE;
}

static Head *
read_head (const char *path, DinoscopeModel *model, int class, GCancellable *cancellable, GError **error)
{
  g_autoptr (Head) head = NULL;

  if (*path == '\0')
    {
      g_set_error_literal (error, DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, _ ("The linear probe needs a file of weights: a head in a safetensors file."));
      return NULL;
    }
  head = head_read (path, error);
  if (head == NULL || !check_class (head, class, error) || !head_check_model (head, model, cancellable, error))
    return NULL;
  return g_steal_pointer (&head);
}

static DinoscopeMap *
compute (DinoscopeOverlayProvider *provider, DinoscopeContext *context, GVariant *parameters, GCancellable *cancellable, DinoscopeOverlayProgress progress, gpointer progress_data, GError **error)
{
  DinoscopeFeatures *features = dinoscope_context_get_primary (context);
  DinoscopeModel    *model = dinoscope_features_get_model (features);
  const char        *path = "", *score = "logit";
  int class = 0;
  g_autoptr (Head)   head = NULL;
  g_autoptr (GBytes) tokens = NULL;
  g_autoptr (GBytes) values = NULL;
  Work               work;

  g_variant_lookup (parameters, "weights", "&s", &path);
  g_variant_lookup (parameters, "class", "i", &class);
  g_variant_lookup (parameters, "score", "&s", &score);
  head = read_head (path, model, class, cancellable, error);
  if (head == NULL)
    return NULL;
  tokens = dinoscope_features_dup_tokens (features, head->block >= 0 ? (guint) head->block : dinoscope_model_get_n_blocks (model) - 1, TRUE, error);
  if (tokens == NULL)
    return NULL;
  work = (Work){
    .head = head,
    .tokens = g_bytes_get_data (tokens, NULL),
    .channels = dinoscope_model_get_n_channels (model),
    .first = dinoscope_features_get_first_patch (features),
    .n_patches = dinoscope_features_get_rows (features) * dinoscope_features_get_columns (features),
  };
  values = score_patches (&work, (guint) class, score, cancellable, progress, progress_data, error);
  return values != NULL ? new_map (features, values, head, (guint) class, score, error) : NULL;
}

static void
linear_probe_overlay_iface_init (DinoscopeOverlayProviderInterface *iface)
{
  iface->get_id = get_id;
  iface->get_title = get_title;
  iface->list_parameters = list_parameters;
  iface->get_needs = get_needs;
  iface->compute = compute;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (LinearProbeOverlay, linear_probe_overlay, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (DINOSCOPE_TYPE_OVERLAY_PROVIDER, linear_probe_overlay_iface_init))

static void
linear_probe_overlay_class_init (LinearProbeOverlayClass *klass)
{
}

static void
linear_probe_overlay_init (LinearProbeOverlay *self)
{
}

DINOSCOPE_DEFINE_PLUGIN (linear_probe_overlay_get_type)
