#include "core/maps/pca-private.h"

#include <math.h>
#include <string.h>

#include "core/base/memory.h"
#include "core/base/text.h"
#include "core/model/safetensors.h"

struct dino_pca *
dino_pca_new (int n_components, int n_channels, struct dino_error *error)
{
  struct dino_pca *pca = dino_alloc_zeroed (1, sizeof *pca, error);
  size_t           components = (size_t) n_components;
  size_t           channels = (size_t) n_channels;

  if (pca == NULL)
    return NULL;
  pca->n_components = n_components;
  pca->n_channels = n_channels;
  pca->mean = dino_alloc_zeroed (channels, sizeof (double), error);
  pca->components = dino_alloc_zeroed (components * channels, sizeof (double), error);
  pca->variance = dino_alloc_zeroed (components, sizeof (double), error);
  pca->variance_ratio = dino_alloc_zeroed (components, sizeof (double), error);
  if (pca->mean == NULL || pca->components == NULL || pca->variance == NULL || pca->variance_ratio == NULL)
    {
      dino_pca_free (pca);
      return NULL;
    }
  return pca;
}

struct dino_pca *
dino_pca_copy (const struct dino_pca *pca, struct dino_error *error)
{
  struct dino_pca *copy = dino_pca_new (pca->n_components, pca->n_channels, error);
  size_t           n_components = (size_t) pca->n_components;
  size_t           n_channels = (size_t) pca->n_channels;

  if (copy == NULL)
    return NULL;
  copy->n_samples = pca->n_samples;
  memcpy (copy->mean, pca->mean, n_channels * sizeof (double));
  memcpy (copy->components, pca->components, n_components * n_channels * sizeof (double));
  memcpy (copy->variance, pca->variance, n_components * sizeof (double));
  memcpy (copy->variance_ratio, pca->variance_ratio, n_components * sizeof (double));
  return copy;
}

void
dino_pca_free (struct dino_pca *pca)
{
  if (pca == NULL)
    return;
  dino_free (pca->mean);
  dino_free (pca->components);
  dino_free (pca->variance);
  dino_free (pca->variance_ratio);
  dino_free (pca);
}

/* Partial sums, added in a fixed order. */
#define LANES 8

/* (token - mean) component. */
static double
project (const float *restrict token, const double *restrict mean, const double *restrict component, size_t n)
{
  double lanes[LANES] = { 0 };
  size_t c = 0;

  for (; c + LANES <= n; c += LANES)
    for (size_t k = 0; k < LANES; k++)
      lanes[k] += (token[c + k] - mean[c + k]) * component[c + k];
  for (size_t k = 0; c < n; c++, k++)
    lanes[k] += (token[c] - mean[c]) * component[c];
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}

bool
dino_pca_project (const struct dino_pca *pca, const float *tokens, size_t n, float *out, struct dino_error *error)
{
  size_t channels = (size_t) pca->n_channels;
  size_t n_components = (size_t) pca->n_components;

  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n_components; k++)
      {
        double score = project (tokens + i * channels, pca->mean, pca->components + k * channels, channels);

        if (!isfinite (score))
          return dino_pca_set_not_finite (error);
        out[i * n_components + k] = (float) score;
      }
  return true;
}

bool
dino_pca_set_not_finite (struct dino_error *error)
{
  return dino_error_set (error, DINO_CODE_ARGUMENT, _ ("The tokens contain values that are not finite numbers."));
}

/* Reads a float32 tensor of this shape (columns 0: one dimension) as double. */
static bool
read_tensor (const struct dino_safetensors *file, const char *name, int rows, int columns, double *values, struct dino_error *error)
{
  const struct dino_tensor *tensor = dino_safetensors_find (file, name);
  size_t                    count = (size_t) rows * (size_t) (columns > 0 ? columns : 1);
  int                       rank = columns > 0 ? 2 : 1;
  float                    *buffer;
  bool                      read;

  if (tensor == NULL || tensor->dtype != DINO_DTYPE_F32 || tensor->rank != rank || tensor->shape[0] != (uint64_t) rows ||
      (columns > 0 && tensor->shape[1] != (uint64_t) columns))
    return dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not a basis of principal components: its tensor “%s” is missing, not float32 or of another shape."),
                           dino_safetensors_path (file), name);
  buffer = dino_alloc (count, sizeof *buffer, error);
  if (buffer == NULL)
    return false;
  read = dino_safetensors_read (file, tensor, 0, count, buffer, error);
  for (size_t i = 0; read && i < count; i++)
    {
      values[i] = buffer[i];
      if (!isfinite (values[i]))
        read = dino_error_set (error, DINO_CODE_FORMAT, _ ("The tensor “%s” of “%s” has values that are not finite numbers."),
                               name, dino_safetensors_path (file));
    }
  dino_free (buffer);
  return read;
}

static struct dino_pca *
read_basis (const struct dino_safetensors *file, struct dino_error *error)
{
  const struct dino_tensor *components = dino_safetensors_find (file, "components");
  struct dino_pca          *pca;
  int                       rows, columns;

  if (components == NULL || components->rank != 2 || components->shape[0] < 1 || components->shape[0] > components->shape[1] ||
      components->shape[1] > DINO_PCA_MAX_CHANNELS)
    {
      dino_error_set (error, DINO_CODE_FORMAT, _ ("“%s” is not a basis of principal components: it has no tensor “components” of k rows of at least k channels."),
                      dino_safetensors_path (file));
      return NULL;
    }
  rows = (int) components->shape[0];
  columns = (int) components->shape[1];
  pca = dino_pca_new (rows, columns, error);
  if (pca == NULL)
    return NULL;
  if (read_tensor (file, "mean", columns, 0, pca->mean, error) &&
      read_tensor (file, "components", rows, columns, pca->components, error) &&
      read_tensor (file, "variance", rows, 0, pca->variance, error) &&
      read_tensor (file, "variance_ratio", rows, 0, pca->variance_ratio, error))
    return pca;
  dino_pca_free (pca);
  return NULL;
}

struct dino_pca *
dino_pca_read (const char *path, struct dino_error *error)
{
  struct dino_safetensors *file = dino_safetensors_open (path, error);
  struct dino_pca         *pca;

  if (file == NULL)
    return NULL;
  pca = read_basis (file, error);
  dino_error_about (error, path);
  dino_safetensors_free (file);
  return pca;
}

static void
hash_floats (struct dino_sha256 *sum, const double *values, size_t count)
{
  for (size_t i = 0; i < count; i++)
    {
      float    value = (float) values[i];
      uint32_t bits;
      uint8_t  bytes[4];

      memcpy (&bits, &value, sizeof bits);
      for (int b = 0; b < 4; b++)
        bytes[b] = (uint8_t) (bits >> (8 * b));
      dino_sha256_update (sum, bytes, sizeof bytes);
    }
}

bool
dino_pca_sha256 (const struct dino_pca *pca, char text[DINO_SHA256_LENGTH], struct dino_error *error)
{
  struct dino_sha256 *sum = dino_sha256_new (error);

  if (sum == NULL)
    return false;
  hash_floats (sum, pca->mean, (size_t) pca->n_channels);
  hash_floats (sum, pca->components, (size_t) pca->n_components * (size_t) pca->n_channels);
  dino_sha256_finish (sum, text);
  return true;
}
