#include "io/head-file.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/json-memory.h"
#include "core/model/json.h"
#include "core/model/safetensors.h"

#define MODEL_FILE "model.safetensors"
#define CONFIG_FILE "config.json"
#define MAX_CONFIG ((size_t) 4 << 20)
#define MAX_WEIGHT 200000
#define MAX_NAME 512
#define N_METADATA 6

/* Before all others, in this order. */
static const char *const prefixes[] = { "", "classifier.", "linear.", "head.", "fc." };

struct reader
{
  const char               *path; /* as the caller wrote it */
  struct dino_safetensors  *file;
  const struct dino_tensor *weight, *bias; /* bias may be NULL */
  struct dino_error        *error;
};

static const struct dino_tensor *
find_bias (const struct dino_safetensors *file, const char *weight_name)
{
  const size_t length = strlen (weight_name) - strlen ("weight");
  char         name[MAX_NAME];

  if (length + sizeof "bias" > sizeof name)
    return NULL;
  snprintf (name, sizeof name, "%.*sbias", (int) length, weight_name);
  return dino_safetensors_find (file, name);
}

static bool
is_weight (const struct dino_tensor *tensor)
{
  const size_t length = strlen (tensor->name), ending = strlen ("weight");

  return tensor->rank == 2 && length >= ending && strcmp (tensor->name + length - ending, "weight") == 0 &&
         (length == ending || tensor->name[length - ending - 1] == '.');
}

/* The one pair of a file whose prefix is not known. */
static bool
find_only_pair (struct reader *reader)
{
  for (size_t i = 0; i < dino_safetensors_n_tensors (reader->file); i++)
    {
      const struct dino_tensor *tensor = dino_safetensors_tensor (reader->file, i);

      if (!is_weight (tensor))
        continue;
      if (reader->weight != NULL)
        return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s” has several weights (%s, %s, …) and none that is called a classifier's."), reader->path, reader->weight->name, tensor->name);
      reader->weight = tensor;
    }
  if (reader->weight == NULL)
    return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s” has no head: a tensor “weight” of classes × features is needed."), reader->path);
  return true;
}

static bool
find_pair (struct reader *reader)
{
  for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes && reader->weight == NULL; i++)
    {
      char                      name[32];
      const struct dino_tensor *found;

      snprintf (name, sizeof name, "%sweight", prefixes[i]);
      found = dino_safetensors_find (reader->file, name);
      if (found != NULL && found->rank == 2)
        reader->weight = found;
    }
  if (reader->weight == NULL && !find_only_pair (reader))
    return false;
  reader->bias = find_bias (reader->file, reader->weight->name);
  if (reader->bias != NULL && (reader->bias->rank != 1 || reader->bias->shape[0] != reader->weight->shape[0]))
    return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: %s does not have one number for each of the %llu rows of %s."), reader->path,
                           reader->bias->name, (unsigned long long) reader->weight->shape[0], reader->weight->name);
  return true;
}

static bool
are_finite (const float *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (!isfinite (values[i]))
      return false;
  return true;
}

static bool
read_values (struct reader *reader, struct dino_head *head)
{
  const size_t n = head->n_classes * head->n_features;

  if (!dino_safetensors_read (reader->file, reader->weight, 0, n, head->weight, reader->error))
    return false;
  if (reader->bias != NULL && !dino_safetensors_read (reader->file, reader->bias, 0, head->n_classes, head->bias, reader->error))
    return false;
  if (!are_finite (head->weight, n) || !are_finite (head->bias, head->n_classes))
    return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: there are weights that are not finite numbers."), reader->path);
  return true;
}

static bool
number_classes (struct reader *reader, struct dino_head *head)
{
  for (size_t k = 0; k < head->n_classes; k++)
    {
      char name[64];

      snprintf (name, sizeof name, _ ("class %zu"), k);
      if (!dino_head_set_class (head, k, name, reader->error))
        return false;
    }
  return true;
}

static bool
refuse_count (struct reader *reader, size_t n, const struct dino_head *head)
{
  return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: %zu classes are named, and there are weights for %zu."), reader->path, n, head->n_classes);
}

/* ["ap", "pa"]; the parser takes objects only. */
static bool
read_json_classes (struct reader *reader, struct dino_head *head, const char *text)
{
  const size_t  length = strlen (text), n_bytes = length + 16;
  char         *object = dino_alloc (n_bytes, 1, reader->error);
  json_t       *root;
  const json_t *list;
  bool          done;

  if (object == NULL)
    return false;
  snprintf (object, n_bytes, "{\"classes\":%s}", text);
  root = dino_json_parse (reader->path, object, strlen (object), MAX_WEIGHT, reader->error);
  dino_free (object);
  if (root == NULL)
    return false;
  list = dino_json_get (root, "classes");
  done = json_array_size (list) == head->n_classes || refuse_count (reader, json_array_size (list), head);
  for (size_t k = 0; done && k < head->n_classes; k++)
    {
      const char *name = json_string_value (json_array_get (list, k));

      if (name == NULL)
        done = dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: the name of class %zu is no text."), reader->path, k);
      else
        done = dino_head_set_class (head, k, name, reader->error);
    }
  json_decref (root);
  return done;
}

static bool
read_line_classes (struct reader *reader, struct dino_head *head, const char *text)
{
  char  *copy = dino_strdup (text, reader->error), *next = copy;
  size_t n = 0;
  bool   done = copy != NULL;

  while (done && next != NULL)
    {
      char *name = next, *end = strchr (next, '\n');

      next = end != NULL ? end + 1 : NULL;
      if (end != NULL)
        *end = '\0';
      if (n < head->n_classes)
        done = dino_head_set_class (head, n, name, reader->error);
      n++;
    }
  dino_free (copy);
  return done && (n == head->n_classes || refuse_count (reader, n, head));
}

static bool
read_block (struct reader *reader, struct dino_head *head, const char *text)
{
  char *end;
  long  block;

  if (text == NULL || *text == '\0')
    return true;
  errno = 0;
  block = strtol (text, &end, 10);
  /* A long of 32 bits ends where an int does, and strtol() stops there. */
  if (errno != 0 || *end != '\0' || block < 0 || block > INT_MAX)
    return dino_error_set (reader->error, DINO_CODE_FORMAT, _ ("“%s”: the block is “%s” and not a number from 0."), reader->path, text);
  head->block = (int) block;
  return true;
}

static bool
copy_text (struct reader *reader, const char *key, char **to)
{
  const char *text = dino_safetensors_metadata (reader->file, key);

  if (text == NULL || *text == '\0')
    return true;
  *to = dino_strdup (text, reader->error);
  return *to != NULL;
}

static bool
read_metadata (struct reader *reader, struct dino_head *head)
{
  const char *features = dino_safetensors_metadata (reader->file, "features");
  const char *task = dino_safetensors_metadata (reader->file, "task");
  const char *classes = dino_safetensors_metadata (reader->file, "classes");

  head->features = DINO_HEAD_UNKNOWN;
  /* One score by itself is the logit of something that is so or not. */
  head->task = head->n_classes > 1 ? DINO_HEAD_CLASSIFY : DINO_HEAD_MULTILABEL;
  if (features != NULL && !dino_head_features_parse (features, &head->features))
    return dino_error_set (reader->error, DINO_CODE_UNSUPPORTED, _ ("“%s” was fitted on “%s”, which is not known here."), reader->path, features);
  if (task != NULL && !dino_head_task_parse (task, &head->task))
    return dino_error_set (reader->error, DINO_CODE_UNSUPPORTED, _ ("“%s” is a head for “%s”, which is not known here."), reader->path, task);
  if (!read_block (reader, head, dino_safetensors_metadata (reader->file, "block")) ||
      !copy_text (reader, "model_sha256", &head->model_sha256) ||
      !copy_text (reader, "preparation", &head->preparation) ||
      !number_classes (reader, head))
    return false;
  if (classes == NULL || *classes == '\0')
    return true;
  return *classes == '[' ? read_json_classes (reader, head, classes) : read_line_classes (reader, head, classes);
}

/* What config.json says of a Dinov2ForImageClassification: id2label and problem_type. */
static bool
read_config (struct reader *reader, struct dino_head *head, const char *path)
{
  json_t       *root = dino_json_read (path, MAX_CONFIG, MAX_WEIGHT, reader->error);
  const json_t *names = root != NULL ? dino_json_get (root, "id2label") : NULL;
  const char   *problem = root != NULL ? json_string_value (dino_json_get (root, "problem_type")) : NULL;
  bool          done = root != NULL;

  for (size_t k = 0; done && json_object_size (names) == head->n_classes && k < head->n_classes; k++)
    {
      char        key[32];
      const char *name;

      snprintf (key, sizeof key, "%zu", k);
      name = json_string_value (json_object_get (names, key));
      if (name != NULL)
        done = dino_head_set_class (head, k, name, reader->error);
    }
  if (problem != NULL && strcmp (problem, "multi_label_classification") == 0)
    head->task = DINO_HEAD_MULTILABEL;
  else if (problem != NULL && strcmp (problem, "regression") == 0)
    head->task = DINO_HEAD_REGRESS;
  json_decref (root);
  return done;
}

static bool
read_checkpoint (struct reader *reader, struct dino_head *head, const char *file)
{
  const char *slash = strrchr (file, '/');
  char        path[PATH_MAX];
  struct stat info;

  head->features = DINO_HEAD_CLS_MEAN;
  snprintf (path, sizeof path, "%.*s" CONFIG_FILE, slash != NULL ? (int) (slash - file + 1) : 0, file);
  return stat (path, &info) != 0 || read_config (reader, head, path);
}

/* The file itself, or the model's file in a folder. */
static void
find_file (const char *path, char file[PATH_MAX])
{
  struct stat info;

  if (stat (path, &info) == 0 && S_ISDIR (info.st_mode))
    snprintf (file, PATH_MAX, "%s/" MODEL_FILE, path);
  else
    snprintf (file, PATH_MAX, "%s", path);
}

static struct dino_head *
read_head (struct reader *reader, const char *file)
{
  struct dino_head *head;
  bool              done;

  if (!find_pair (reader))
    return NULL;
  if (reader->weight->shape[0] > DINO_HEAD_MAX_CLASSES || reader->weight->shape[1] > DINO_HEAD_MAX_FEATURES)
    {
      dino_error_set (reader->error, DINO_CODE_LIMIT, _ ("“%s”: %s is %llu × %llu, which is no head."), reader->path, reader->weight->name,
                      (unsigned long long) reader->weight->shape[0], (unsigned long long) reader->weight->shape[1]);
      return NULL;
    }
  head = dino_head_new ((size_t) reader->weight->shape[0], (size_t) reader->weight->shape[1], reader->error);
  if (head == NULL)
    return NULL;
  done = read_values (reader, head) && read_metadata (reader, head);
  if (done && strcmp (reader->weight->name, "classifier.weight") == 0 && head->features == DINO_HEAD_UNKNOWN)
    done = read_checkpoint (reader, head, file);
  if (done)
    return head;
  dino_head_free (head);
  return NULL;
}

struct dino_head *
dino_head_read (const char *path, struct dino_error *error)
{
  struct reader     reader = { .path = path, .error = error };
  char              file[PATH_MAX];
  struct dino_head *head = NULL;

  find_file (path, file);
  reader.file = dino_safetensors_open (file, error);
  if (reader.file != NULL)
    head = read_head (&reader, file);
  dino_error_about (error, path);
  dino_safetensors_free (reader.file);
  return head;
}

/* The classes' names as a list in JSON; json's, to be freed by free(). */
static char *
list_classes (const struct dino_head *head, struct dino_error *error)
{
  json_t *list = json_array ();
  char   *text;

  for (size_t k = 0; k < head->n_classes; k++)
    json_array_append_new (list, json_string (head->classes[k] != NULL ? head->classes[k] : ""));
  text = dino_json_dump (list, JSON_COMPACT, error);
  json_decref (list);
  return text;
}

static bool
write_file (const char *path, const struct dino_head *head, const struct dino_metadata_out *metadata, size_t n_metadata, struct dino_error *error)
{
  const struct dino_tensor_out tensors[] = {
    { .name = "weight", .values = head->weight, .shape = { head->n_classes, head->n_features }, .rank = 2 },
    { .name = "bias", .values = head->bias, .shape = { head->n_classes }, .rank = 1 },
  };
  struct dino_output *output = dino_output_new (path, error);

  if (output == NULL)
    return false;
  if (dino_safetensors_write (output, tensors, 2, metadata, n_metadata, error))
    return dino_output_commit (output, error);
  dino_output_abort (output);
  return false;
}

bool
dino_head_write (const char *path, const struct dino_head *head, const struct dino_metadata_out *more, size_t n_more, struct dino_error *error)
{
  char                      block[16] = "";
  char                     *classes = list_classes (head, error);
  struct dino_metadata_out *metadata = dino_alloc (N_METADATA + n_more, sizeof *metadata, error);
  size_t                    n = 0;
  bool                      done = classes != NULL && metadata != NULL;

  if (done)
    {
      if (head->block >= 0)
        snprintf (block, sizeof block, "%d", head->block);
      metadata[n++] = (struct dino_metadata_out){ "classes", classes };
      metadata[n++] = (struct dino_metadata_out){ "task", dino_head_task_name (head->task) };
      if (head->features != DINO_HEAD_UNKNOWN)
        metadata[n++] = (struct dino_metadata_out){ "features", dino_head_features_name (head->features) };
      if (*block != '\0')
        metadata[n++] = (struct dino_metadata_out){ "block", block };
      if (head->model_sha256 != NULL)
        metadata[n++] = (struct dino_metadata_out){ "model_sha256", head->model_sha256 };
      if (head->preparation != NULL)
        metadata[n++] = (struct dino_metadata_out){ "preparation", head->preparation };
      for (size_t i = 0; i < n_more; i++)
        metadata[n++] = more[i];
      done = write_file (path, head, metadata, n, error);
    }
  dino_error_about (error, path);
  dino_free (metadata);
  free (classes);
  return done;
}
