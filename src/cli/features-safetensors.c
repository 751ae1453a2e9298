#include <string.h>

#include "cli/features.h"
#include "cli/output.h"
#include "core/base/memory.h"
#include "engine/dinoscope-features-file.h"

/* Tensors point into the features; only attention has memory of its own. */
typedef struct
{
  GArray    *tensors; /* struct dino_tensor_out */
  GPtrArray *names;   /* of the tensors, char * */
  GPtrArray *owned;   /* float *, by dino_alloc() */
} TensorList;

static void
tensor_list_clear (TensorList *list)
{
  g_array_unref (list->tensors);
  g_ptr_array_unref (list->names);
  g_ptr_array_unref (list->owned);
}

static void
add (TensorList *list, char *name, const float *values, int rank, size_t a, size_t b, size_t c)
{
  struct dino_tensor_out tensor = { .name = name, .values = values, .shape = { a, b, c, 0 }, .rank = rank };

  g_ptr_array_add (list->names, name);
  g_array_append_val (list->tensors, tensor);
}

static gboolean
add_attention (CliFeatures *self, TensorList *list, CliAttention wanted, struct dino_error *error)
{
  const struct dino_features *features = dinoscope_features_get_core (self->features);
  struct dino_progress        progress = cli_core_progress (self->session.cancellable);
  int                         first = MAX (wanted.head, 0);
  int                         n_heads = wanted.head < 0 ? (int) dinoscope_model_get_n_heads (self->session.model) : 1;
  size_t                      n_tokens = dino_features_n_tokens (features);
  size_t                      row_size, count;
  float                      *values = NULL;

  if (!dino_multiply (n_tokens, n_tokens, &count) || !dino_multiply (count, sizeof *values, &row_size))
    return dino_error_set_memory (error, SIZE_MAX);
  values = dino_alloc ((size_t) n_heads, row_size, error);
  if (values == NULL)
    return FALSE;
  g_ptr_array_add (list->owned, values);
  if (!dino_features_attention (features, wanted.block, first, n_heads, dinoscope_engine_get_team (self->session.engine), values, &progress, error))
    return FALSE;
  add (list, g_strdup_printf ("attentions.%d", wanted.block), values, 3, (size_t) n_heads, n_tokens, n_tokens);
  return TRUE;
}

static gboolean
collect (CliFeatures *self, TensorList *list, struct dino_error *error)
{
  const struct dino_features *features = dinoscope_features_get_core (self->features);
  struct dino_tensor_out      outputs[DINOSCOPE_FEATURES_N_OUTPUTS];
  size_t                      n_tokens = dino_features_n_tokens (features);
  size_t                      channels = dinoscope_model_get_n_channels (self->session.model);
  int                         n_blocks = (int) dinoscope_model_get_n_blocks (self->session.model);

  dinoscope_features_list_outputs (self->features, self->input, self->width, self->height, outputs);
  g_array_append_vals (list->tensors, outputs, G_N_ELEMENTS (outputs));
  for (int i = 0; self->hidden && i <= n_blocks; i++)
    add (list, g_strdup_printf ("hidden_states.%d", i), dino_features_hidden_state (features, i), 2, n_tokens, channels, 0);
  for (guint i = 0; i < self->attentions->len; i++)
    if (!add_attention (self, list, g_array_index (self->attentions, CliAttention, i), error))
      return FALSE;
  return TRUE;
}

static CliExit
write_file (CliFeatures *self, const TensorList *list, struct dino_error *error)
{
  g_autoptr (GError)  failure = NULL;
  struct dino_output *output = dino_output_new (self->output, error);

  if (output == NULL)
    return CLI_EXIT_OUTPUT;
  if (dinoscope_features_write_safetensors (self->features, (const struct dino_tensor_out *) (void *) list->tensors->data, list->tensors->len, output, &failure))
    return dino_output_commit (output, error) ? CLI_EXIT_DONE : CLI_EXIT_OUTPUT;
  dino_output_abort (output);
  return cli_fail (failure, CLI_EXIT_OUTPUT);
}

CliExit
cli_features_write_safetensors (CliFeatures *self)
{
  struct dino_error error = { 0 };
  CliExit           code = CLI_EXIT_INPUT;
  TensorList        list = {
           .tensors = g_array_new (FALSE, FALSE, sizeof (struct dino_tensor_out)),
           .names = g_ptr_array_new_with_free_func (g_free),
           .owned = g_ptr_array_new_with_free_func (dino_free),
  };

  if (collect (self, &list, &error))
    {
      if (cli_session_await_sha256 (&self->session, &code) != NULL)
        code = write_file (self, &list, &error);
    }
  if (error.code != DINO_CODE_NONE)
    code = cli_fail_about (&error, self->output, code);
  tensor_list_clear (&list);
  return code;
}
