#include "head.h"

#include <math.h>

static gboolean
refuse (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* A value that the person gave cannot be used: the plug-in itself is sound. */
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list values;

  va_start (values, format);
  if (error != NULL)
    *error = g_error_new_valist (DINOSCOPE_ERROR, DINOSCOPE_ERROR_PARAMETER, format, values);
  va_end (values);
  return FALSE;
}

void
head_free (Head *head)
{
  g_clear_pointer (&head->weight, g_bytes_unref);
  g_clear_pointer (&head->bias, g_bytes_unref);
  g_strfreev (head->classes);
  g_free (head->model_sha256);
  g_free (head);
}

static gboolean
are_finite (GBytes *bytes)
{
  gsize        size;
  const float *values = g_bytes_get_data (bytes, &size);

  for (gsize i = 0; i < size / sizeof *values; i++)
    if (!isfinite (values[i]))
      return FALSE;
  return TRUE;
}

/* A head of Dinoscope's, the state of a PyTorch nn.Linear with a usual prefix,
 * or a Dinov2ForImageClassification checkpoint. */
static const char *const prefixes[] = { "", "classifier.", "linear.", "head.", "fc." };

/* The tensor of one of the prefixes; the first error is told, of the name without one. */
static GBytes *
read_tensor (DinoscopeTensorFile *file, const char *name, guint rank, guint64 *shape, GError **error)
{
  GBytes *values = dinoscope_tensor_file_read (file, name, rank, shape, error);

  for (guint i = 1; values == NULL && i < G_N_ELEMENTS (prefixes); i++)
    {
      g_autofree char *prefixed = g_strconcat (prefixes[i], name, NULL);

      values = dinoscope_tensor_file_read (file, prefixed, rank, shape, NULL);
      if (values != NULL)
        g_clear_error (error);
    }
  return values;
}

static gboolean
read_weights (Head *head, DinoscopeTensorFile *file, const char *path, GError **error)
{
  guint64 weight[2], bias[1];

  head->weight = read_tensor (file, "weight", 2, weight, error);
  if (head->weight == NULL)
    return FALSE;
  head->bias = read_tensor (file, "bias", 1, bias, error);
  if (head->bias == NULL)
    return FALSE;
  if (weight[0] < 1 || weight[1] < 1 || weight[0] > G_MAXINT || weight[1] > G_MAXINT || bias[0] != weight[0])
    return refuse (error, _ ("%s: weight is %lu × %lu and bias %lu; classes × features and classes are needed."),
                   path, (gulong) weight[0], (gulong) weight[1], (gulong) bias[0]);
  if (!are_finite (head->weight) || !are_finite (head->bias))
    return refuse (error, _ ("%s: there are weights that are not finite numbers."), path);
  head->n_classes = (guint) weight[0];
  head->n_weights = (guint) weight[1];
  return TRUE;
}

static gboolean
read_features (Head *head, const char *text, const char *path, GError **error)
{
  if (text == NULL)
    head->features = HEAD_UNKNOWN;
  else if (g_str_equal (text, "patches"))
    head->features = HEAD_PATCHES;
  else if (g_str_equal (text, "mean"))
    head->features = HEAD_MEAN;
  else if (g_str_equal (text, "cls+mean"))
    head->features = HEAD_CLS_MEAN;
  else if (g_str_equal (text, "cls") || g_str_equal (text, "last4-cls"))
    return refuse (error, _ ("%s looks at the CLS token alone (“%s”): no part of its score belongs to a patch."), path, text);
  else
    return refuse (error, _ ("%s was fitted on “%s”; patches, mean and cls+mean can be shown."), path, text);
  return TRUE;
}

static gboolean
read_block (Head *head, const char *text, const char *path, GError **error)
{
  gint64 block;

  head->block = -1;
  if (text == NULL || *text == '\0')
    return TRUE;
  if (!g_ascii_string_to_signed (text, 10, 0, G_MAXINT, &block, NULL))
    return refuse (error, _ ("%s: the block is “%s” and not a number from 0."), path, text);
  head->block = (int) block;
  return TRUE;
}

/* A list in JSON, or one name a line. */
static char **
split_names (const char *text)
{
  g_autoptr (GVariant) list = NULL;

  if (*text != '[')
    return g_strsplit (text, "\n", -1);
  list = g_variant_parse (G_VARIANT_TYPE_STRING_ARRAY, text, NULL, NULL, NULL);
  return list != NULL ? g_variant_dup_strv (list, NULL) : g_new0 (char *, 1);
}

static gboolean
read_classes (Head *head, const char *text, const char *path, GError **error)
{
  GStrvBuilder *numbers;

  if (text != NULL && *text != '\0')
    {
      head->classes = split_names (text);
      if (g_strv_length (head->classes) == head->n_classes)
        return TRUE;
      return refuse (error, _ ("%s: %u classes are named, and there are weights for %u."), path, g_strv_length (head->classes), head->n_classes);
    }
  numbers = g_strv_builder_new ();
  for (guint i = 0; i < head->n_classes; i++)
    {
      g_autofree char *name = g_strdup_printf (_ ("class %u"), i);

      g_strv_builder_add (numbers, name);
    }
  head->classes = g_strv_builder_end (numbers);
  g_strv_builder_unref (numbers);
  return TRUE;
}

Head *
head_read (const char *path, GError **error)
{
  g_autoptr (DinoscopeTensorFile) file = dinoscope_tensor_file_open (path, error);
  g_autoptr (Head)                head = g_new0 (Head, 1);

  if (file == NULL ||
      !read_weights (head, file, path, error) ||
      !read_features (head, dinoscope_tensor_file_get_metadata (file, "features"), path, error) ||
      !read_block (head, dinoscope_tensor_file_get_metadata (file, "block"), path, error) ||
      !read_classes (head, dinoscope_tensor_file_get_metadata (file, "classes"), path, error))
    return NULL;
  head->model_sha256 = g_strdup (dinoscope_tensor_file_get_metadata (file, "model_sha256"));
  return g_steal_pointer (&head);
}

gboolean
head_check_model (Head *head, DinoscopeModel *model, GCancellable *cancellable, GError **error)
{
  guint       channels = dinoscope_model_get_n_channels (model);
  guint       blocks = dinoscope_model_get_n_blocks (model);
  guint       wanted;
  const char *sha256;

  if (head->model_sha256 != NULL)
    {
      sha256 = dinoscope_model_get_sha256 (model, cancellable, error);
      if (sha256 == NULL)
        return FALSE;
      if (g_ascii_strcasecmp (sha256, head->model_sha256) != 0)
        return refuse (error, _ ("The head was fitted on another encoder (sha256 %.12s…) than the one in use, %s (%.12s…)."),
                       head->model_sha256, dinoscope_model_get_title (model), sha256);
    }
  /* As many as channels are of CLS, of which no part belongs to a patch. */
  if (head->features == HEAD_UNKNOWN && head->n_weights != 2 * channels)
    return refuse (error, _ ("The head does not say what it was fitted on (“features”); only one with twice as many weights as the encoder has channels is taken for CLS and mean patch."));
  if (head->features == HEAD_UNKNOWN)
    head->features = HEAD_CLS_MEAN;
  wanted = head->features == HEAD_CLS_MEAN ? 2 * channels : channels;
  if (head->n_weights != wanted)
    return refuse (error, _ ("The head has %u weights a class, and the encoder gives %u numbers."), head->n_weights, wanted);
  if (head->block >= (int) blocks)
    return refuse (error, _ ("The head was fitted on block %d, and the encoder has %u, from 0."), head->block, blocks);
  return TRUE;
}
