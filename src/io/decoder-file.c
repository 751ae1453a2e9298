#include "io/decoder-file.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "core/model/json.h"
#include "core/model/safetensors.h"
#include "io/safetensors-write.h"

/* Of the lists of classes. */
#define MAX_WEIGHT 4096

/* Reading. */

/* A tensor of rank dimensions; false when it is not there, or not like that. */
static bool
find_tensor (const struct dino_safetensors *file, const char *name, int rank, const struct dino_tensor **found, struct dino_error *error)
{
  const struct dino_tensor *tensor = dino_safetensors_find (file, name);

  if (tensor == NULL)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is no decoder: it has no tensor “%s”."), dino_safetensors_path (file), name);
  if (tensor->rank != rank)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: tensor “%s” has %d dimensions instead of %d."), dino_safetensors_path (file), name, tensor->rank, rank);
  *found = tensor;
  return true;
}

static bool
read_tensor (const struct dino_safetensors *file, const struct dino_tensor *tensor, size_t n, float *values, struct dino_error *error)
{
  if (tensor->n_elements != n)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: tensor “%s” does not fit the others: it has %llu numbers instead of %zu."), dino_safetensors_path (file), tensor->name,
                           (unsigned long long) tensor->n_elements, n);
  if (!dino_safetensors_read (file, tensor, 0, n, values, error))
    return false;
  for (size_t i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: tensor “%s” has a value that is not a finite number."), dino_safetensors_path (file), tensor->name);
  return true;
}

static struct dino_decoder *
read_decoder (const struct dino_safetensors *file, struct dino_error *error)
{
  const struct dino_tensor *weight, *bias, *hidden_weight = NULL, *hidden_bias = NULL;
  const bool                has_hidden = dino_safetensors_find (file, "hidden.weight") != NULL;
  struct dino_decoder      *decoder;
  const size_t              limit = DINO_DECODER_MAX_FEATURES;
  bool                      good;

  if (!find_tensor (file, "weight", 2, &weight, error) || !find_tensor (file, "bias", 1, &bias, error))
    return NULL;
  if (has_hidden && (!find_tensor (file, "hidden.weight", 2, &hidden_weight, error) || !find_tensor (file, "hidden.bias", 1, &hidden_bias, error)))
    return NULL;
  if (weight->shape[0] < DINO_DECODER_MIN_CLASSES || weight->shape[0] > DINO_DECODER_MAX_CLASSES || (has_hidden && (hidden_weight->shape[0] < 1 || hidden_weight->shape[0] > DINO_DECODER_MAX_HIDDEN)))
    {
      dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: a decoder has %d to %d classes and at most %d hidden units."), dino_safetensors_path (file), DINO_DECODER_MIN_CLASSES, DINO_DECODER_MAX_CLASSES, DINO_DECODER_MAX_HIDDEN);
      return NULL;
    }
  if (weight->shape[1] < 1 || weight->shape[1] > limit || (has_hidden && (hidden_weight->shape[0] != weight->shape[1] || hidden_weight->shape[1] < 1 || hidden_weight->shape[1] > limit)))
    {
      dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: the shapes of the tensors do not fit each other."), dino_safetensors_path (file));
      return NULL;
    }
  decoder = dino_decoder_new (has_hidden ? hidden_weight->shape[1] : weight->shape[1], has_hidden ? hidden_weight->shape[0] : 0, weight->shape[0], error);
  if (decoder == NULL)
    return NULL;
  good = read_tensor (file, weight, decoder->n_classes * dino_decoder_width (decoder), decoder->weight, error) &&
         read_tensor (file, bias, decoder->n_classes, decoder->bias, error);
  if (good && has_hidden)
    good = read_tensor (file, hidden_weight, decoder->n_hidden * decoder->n_features, decoder->hidden_weight, error) &&
           read_tensor (file, hidden_bias, decoder->n_hidden, decoder->hidden_bias, error);
  if (good)
    return decoder;
  dino_decoder_free (decoder);
  return NULL;
}

/* "8,11": whole numbers from 0. */
static bool
read_blocks (struct dino_decoder_head *head, const char *text, const char *path, struct dino_error *error)
{
  if (text == NULL || *text == '\0')
    return true;
  for (;;)
    {
      char      *end;
      const long block = strtol (text, &end, 10);

      if (end == text || *text < '0' || *text > '9' || block > 65535 || (*end != ',' && *end != '\0') || head->n_blocks == DINO_DECODER_MAX_BLOCKS)
        return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: “block” is no list of blocks, counted from 0."), path);
      head->blocks[head->n_blocks++] = (int) block;
      if (*end == '\0')
        return true;
      text = end + 1;
    }
}

/* A JSON list of the right length, or NULL where there is none; borrowed by *document. */
static bool
parse_list (const char *text, size_t n, const char *key, const char *path, json_t **list, struct dino_error *error)
{
  struct dino_error reason = { 0 };

  *list = NULL;
  if (text == NULL || *text == '\0')
    return true;
  *list = dino_json_parse_any (path, text, strlen (text), MAX_WEIGHT, &reason);
  if (*list != NULL && json_is_array (*list) && json_array_size (*list) == n)
    return true;
  json_decref (*list);
  *list = NULL;
  if (reason.code == DINO_CODE_MEMORY)
    return dino_error_set (error, DINO_CODE_MEMORY, "%s", reason.message);
  return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: “%s” is no JSON list of %zu entries, one a class."), path, key, n);
}

static bool
add_class (struct dino_decoder_head *head, const json_t *name, const json_t *value, const char *path, struct dino_error *error)
{
  const json_int_t number = value != NULL ? json_integer_value (value) : head->classes.n;

  if ((name != NULL && (!json_is_string (name) || json_string_length (name) == 0 || strlen (json_string_value (name)) >= DINO_CLASS_NAME_LENGTH)) ||
      (value != NULL && !json_is_integer (value)) || number < 0 || number > 255 || dino_classes_find (&head->classes, (uint8_t) number) >= 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: class %d has no usable name or value: names are texts of at most %d bytes, values different numbers from 0 to 255."), path,
                           head->classes.n, DINO_CLASS_NAME_LENGTH - 1);
  return dino_classes_add (&head->classes, (uint8_t) number, name != NULL ? json_string_value (name) : NULL, error);
}

static bool
read_classes (struct dino_decoder_head *head, const struct dino_safetensors *file, struct dino_error *error)
{
  const char *path = dino_safetensors_path (file);
  size_t      n = head->decoder->n_classes;
  json_t     *names = NULL, *values = NULL;
  bool        good = parse_list (dino_safetensors_metadata (file, "classes"), n, "classes", path, &names, error) &&
              parse_list (dino_safetensors_metadata (file, "values"), n, "values", path, &values, error);

  for (size_t i = 0; good && i < n; i++)
    good = add_class (head, names != NULL ? json_array_get (names, i) : NULL, values != NULL ? json_array_get (values, i) : NULL, path, error);
  json_decref (names);
  json_decref (values);
  return good;
}

/* Any text: it is compared and shown, nothing more. */
static bool
read_preparation (struct dino_decoder_head *head, const char *text, struct dino_error *error)
{
  if (text == NULL || *text == '\0')
    return true;
  head->preparation = dino_strdup (text, error);
  return head->preparation != NULL;
}

static bool
read_metadata (struct dino_decoder_head *head, const struct dino_safetensors *file, struct dino_error *error)
{
  const char *path = dino_safetensors_path (file);
  const char *features = dino_safetensors_metadata (file, "features");
  const char *activation = dino_safetensors_metadata (file, "activation");
  const char *sha256 = dino_safetensors_metadata (file, "model_sha256");

  if (features == NULL || strcmp (features, "patches") != 0)
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s” was not trained on patch tokens (“features” is “%s”)."), path, features != NULL ? features : "");
  if (head->decoder->n_hidden > 0 && (activation == NULL || strcmp (activation, "relu") != 0))
    return dino_error_set (error, DINO_CODE_UNSUPPORTED, _ ("“%s”: the activation of the hidden units is “%s”; it can be “relu”."), path, activation != NULL ? activation : "");
  if (sha256 != NULL && strlen (sha256) != DINO_SHA256_LENGTH - 1)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: “model_sha256” is no SHA-256."), path);
  snprintf (head->model_sha256, sizeof head->model_sha256, "%s", sha256 != NULL ? sha256 : "");
  if (!read_preparation (head, dino_safetensors_metadata (file, "preparation"), error) || !read_blocks (head, dino_safetensors_metadata (file, "block"), path, error) || !read_classes (head, file, error))
    return false;
  if (head->n_blocks > 1 && head->decoder->n_features % head->n_blocks != 0)
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s”: %zu numbers a patch cannot be those of %zu blocks."), path, head->decoder->n_features, head->n_blocks);
  return true;
}

struct dino_decoder_head *
dino_decoder_head_read (const char *path, struct dino_error *error)
{
  struct dino_safetensors  *file = dino_safetensors_open (path, error);
  struct dino_decoder_head *head = file != NULL ? dino_alloc_zeroed (1, sizeof *head, error) : NULL;
  bool                      good = false;

  if (head != NULL)
    {
      head->decoder = read_decoder (file, error);
      good = head->decoder != NULL && read_metadata (head, file, error);
    }
  dino_safetensors_free (file);
  if (good)
    return head;
  dino_error_about (error, path);
  dino_decoder_head_free (head);
  return NULL;
}

void
dino_decoder_head_free (struct dino_decoder_head *head)
{
  if (head == NULL)
    return;
  dino_decoder_free (head->decoder);
  dino_free (head->preparation);
  dino_free (head);
}

/* Writing. */

static void
format_blocks (const struct dino_decoder_head *head, char *text, size_t size)
{
  size_t length = 0;

  text[0] = '\0';
  for (size_t i = 0; i < head->n_blocks && length < size; i++)
    length += (size_t) snprintf (text + length, size - length, "%s%d", i > 0 ? "," : "", head->blocks[i]);
}

/* JSON lists of names and of values; free() them. */
static bool
format_classes (const struct dino_classes *classes, char **names, char **values, struct dino_error *error)
{
  json_t *name_list = json_array ();
  json_t *value_list = json_array ();

  for (int i = 0; i < classes->n; i++)
    {
      json_array_append_new (name_list, json_string (classes->list[i].name));
      json_array_append_new (value_list, json_integer (classes->list[i].value));
    }
  *names = dino_json_dump (name_list, JSON_COMPACT, error);
  *values = *names != NULL ? dino_json_dump (value_list, JSON_COMPACT, error) : NULL;
  json_decref (name_list);
  json_decref (value_list);
  return *values != NULL;
}

bool
dino_decoder_head_write (struct dino_output *output, const struct dino_decoder_head *head, const char *version, struct dino_error *error)
{
  const struct dino_decoder *decoder = head->decoder;
  struct dino_tensor_out     tensors[4] = {
        { "weight", decoder->weight, { decoder->n_classes, dino_decoder_width (decoder) }, 2 },
        { "bias", decoder->bias, { decoder->n_classes }, 1 },
        { "hidden.weight", decoder->hidden_weight, { decoder->n_hidden, decoder->n_features }, 2 },
        { "hidden.bias", decoder->hidden_bias, { decoder->n_hidden }, 1 },
  };
  char                     blocks[DINO_DECODER_MAX_BLOCKS * 7];
  char                    *names = NULL, *values = NULL;
  struct dino_metadata_out metadata[8] = { { "features", "patches" }, { "version", version } };
  size_t                   n = 2;
  bool                     good = format_classes (&head->classes, &names, &values, error);

  format_blocks (head, blocks, sizeof blocks);
  metadata[n++] = (struct dino_metadata_out){ "classes", names };
  metadata[n++] = (struct dino_metadata_out){ "values", values };
  if (head->n_blocks > 0)
    metadata[n++] = (struct dino_metadata_out){ "block", blocks };
  if (head->model_sha256[0] != '\0')
    metadata[n++] = (struct dino_metadata_out){ "model_sha256", head->model_sha256 };
  if (head->preparation != NULL)
    metadata[n++] = (struct dino_metadata_out){ "preparation", head->preparation };
  if (decoder->n_hidden > 0)
    metadata[n++] = (struct dino_metadata_out){ "activation", "relu" };
  good = good && dino_safetensors_write (output, tensors, decoder->n_hidden > 0 ? 4 : 2, metadata, n, error);
  dino_error_about (error, dino_output_name (output));
  free (names);
  free (values);
  return good;
}
