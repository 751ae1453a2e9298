/* How the tensors of a checkpoint are named, told by the names themselves. */
#include <stdio.h>
#include <string.h>

#include "core/base/text.h"
#include "core/model/checkpoint.h"

/* Prefixes that are looked at; a file with more is none of ours. */
#define MAX_CANDIDATES 16

/* Names that an encoder has once. The first one of each naming is on no other
 * part of any model, so that each of it is an encoder. */
#define N_ANCHORS 3

static const char *const anchors[][N_ANCHORS] = {
  [DINO_NAMING_HF] = { "embeddings.patch_embeddings.projection.weight", "embeddings.cls_token", "embeddings.position_embeddings" },
  [DINO_NAMING_ORIGINAL] = { "patch_embed.proj.weight", "cls_token", "pos_embed" },
};

struct candidate
{
  struct dino_scheme scheme;
  bool               is_encoder;
  size_t             n_fields; /* tensors that have a place in it */
};

struct candidates
{
  struct candidate list[MAX_CANDIDATES];
  size_t           n;
};

static void
add_candidate (struct candidates *candidates, enum dino_naming naming, const char *prefix, size_t length, bool is_encoder)
{
  struct candidate *candidate;

  for (size_t i = 0; i < candidates->n; i++)
    {
      candidate = &candidates->list[i];
      if (candidate->scheme.naming == naming && strlen (candidate->scheme.prefix) == length && memcmp (candidate->scheme.prefix, prefix, length) == 0)
        {
          candidate->is_encoder = candidate->is_encoder || is_encoder;
          return;
        }
    }
  if (candidates->n == MAX_CANDIDATES || length >= DINO_MAX_PREFIX)
    return;
  candidate = &candidates->list[candidates->n++];
  *candidate = (struct candidate){ .scheme.naming = naming, .is_encoder = is_encoder };
  memcpy (candidate->scheme.prefix, prefix, length);
}

/* The prefix before an anchor, where the name ends in one. */
static void
look_for_anchor (struct candidates *candidates, const char *name)
{
  for (size_t naming = 0; naming < sizeof anchors / sizeof *anchors; naming++)
    for (size_t i = 0; i < N_ANCHORS; i++)
      {
        size_t length = strlen (name), end = strlen (anchors[naming][i]);

        if (length >= end && strcmp (name + length - end, anchors[naming][i]) == 0 && (length == end || name[length - end - 1] == '.'))
          add_candidate (candidates, (enum dino_naming) naming, name, length - end, i == 0);
      }
}

static void
for_all_names (const struct dino_checkpoint *checkpoint, struct candidates *candidates)
{
  for (size_t i = 0; i < dino_checkpoint_n_files (checkpoint); i++)
    for (size_t j = 0; j < dino_safetensors_n_tensors (dino_checkpoint_file (checkpoint, i)); j++)
      look_for_anchor (candidates, dino_safetensors_tensor (dino_checkpoint_file (checkpoint, i), j)->name);
}

static size_t
count_fields (const struct dino_checkpoint *checkpoint, const struct dino_scheme *scheme)
{
  struct dino_name name;
  size_t           n = 0;

  for (size_t i = 0; i < dino_checkpoint_n_files (checkpoint); i++)
    for (size_t j = 0; j < dino_safetensors_n_tensors (dino_checkpoint_file (checkpoint, i)); j++)
      {
        dino_name_parse (&name, dino_safetensors_tensor (dino_checkpoint_file (checkpoint, i), j)->name, scheme);
        n += name.kind == DINO_NAME_FIELD;
      }
  return n;
}

/* A tensor of any file. */
static const struct dino_tensor *
find_tensor (const struct dino_checkpoint *checkpoint, const char *prefix, const char *name)
{
  char full[2 * DINO_MAX_PREFIX];

  snprintf (full, sizeof full, "%s%s", prefix, name);
  for (size_t i = 0; i < dino_checkpoint_n_files (checkpoint); i++)
    {
      const struct dino_tensor *tensor = dino_safetensors_find (dino_checkpoint_file (checkpoint, i), full);

      if (tensor != NULL)
        return tensor;
    }
  return NULL;
}

/* Whether fc1 makes twice of what fc2 takes, as both halves of SwiGLU do. */
static bool
is_packed (const struct dino_checkpoint *checkpoint, const char *prefix)
{
  const struct dino_tensor *in = find_tensor (checkpoint, prefix, "blocks.0.mlp.fc1.weight");
  const struct dino_tensor *out = find_tensor (checkpoint, prefix, "blocks.0.mlp.fc2.weight");

  return in != NULL && out != NULL && in->rank == 2 && out->rank == 2 && in->shape[0] / 2 == out->shape[1] && in->shape[0] % 2 == 0;
}

/* timm's names are the original's but for registers and SwiGLU. */
static void
tell_timm (const struct dino_checkpoint *checkpoint, struct dino_scheme *scheme)
{
  if (scheme->naming != DINO_NAMING_ORIGINAL)
    return;
  scheme->packed = is_packed (checkpoint, scheme->prefix);
  if (scheme->packed || find_tensor (checkpoint, scheme->prefix, "reg_token") != NULL)
    scheme->naming = DINO_NAMING_TIMM;
}

/* The candidate that most tensors fit, where none has what makes an encoder. */
static const struct candidate *
choose_most (const struct dino_checkpoint *checkpoint, struct candidates *candidates)
{
  const struct candidate *best = NULL;

  add_candidate (candidates, DINO_NAMING_HF, "", 0, false);
  add_candidate (candidates, DINO_NAMING_ORIGINAL, "", 0, false);
  for (size_t i = 0; i < candidates->n; i++)
    {
      candidates->list[i].n_fields = count_fields (checkpoint, &candidates->list[i].scheme);
      if (candidates->list[i].n_fields > (best != NULL ? best->n_fields : 0))
        best = &candidates->list[i];
    }
  return best;
}

static bool
complain_of_several (const char *path, const struct candidates *candidates, struct dino_error *error)
{
  char   names[MAX_CANDIDATES * (DINO_MAX_PREFIX + 10)] = "";
  size_t used = 0;

  for (size_t i = 0; i < candidates->n; i++)
    if (candidates->list[i].is_encoder)
      used += (size_t) snprintf (names + used, sizeof names - used, "%s“%s”", used > 0 ? ", " : "", candidates->list[i].scheme.prefix);
  return dino_error_set (error, DINO_CODE_MODEL,
                         _ ("“%s” holds several encoders, and which one is meant cannot be told: the names of their tensors begin with %s."), path, names);
}

bool
dino_checkpoint_scheme (const struct dino_checkpoint *checkpoint, struct dino_scheme *scheme, struct dino_error *error)
{
  struct candidates       candidates = { .n = 0 };
  const struct candidate *chosen = NULL;
  size_t                  n_encoders = 0;

  for_all_names (checkpoint, &candidates);
  for (size_t i = 0; i < candidates.n; i++)
    if (candidates.list[i].is_encoder)
      {
        chosen = &candidates.list[i];
        n_encoders++;
      }
  if (n_encoders > 1)
    return complain_of_several (dino_checkpoint_path (checkpoint), &candidates, error);
  if (chosen == NULL)
    chosen = choose_most (checkpoint, &candidates);
  if (chosen == NULL)
    return dino_error_set (error, DINO_CODE_MODEL, _ ("“%s” holds no DINOv2 encoder: its tensors have other names."), dino_checkpoint_path (checkpoint));
  *scheme = chosen->scheme;
  tell_timm (checkpoint, scheme);
  return true;
}
