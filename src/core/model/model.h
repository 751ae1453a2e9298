/* A loaded model: immutable, reference counted, shared by threads. */
#pragma once

#include <stdint.h>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/encoder/precision.h"
#include "core/encoder/team.h"
#include "core/model/config.h"
#include "core/model/safetensors.h"
#include "core/model/weights.h"

struct dino_model;

/* Finds how large activations become, for 8 bits. */
struct dino_calibrator
{
  void       *data;
  const char *sha256; /* of what it looks at */
  /* Called for block 0, 1, … in order. Of model there are configuration,
   * processor, what stands before the blocks, and every vector; block is the
   * block as BF16. Writes the largest magnitudes that were seen after its first
   * LayerNorm and after the second, [D] each. */
  bool (*observe) (void *data, const struct dino_model *model, int index, const struct dino_block_weights *block, float *range1, float *range2, struct dino_error *error);
};

/* Weights as a model had them in memory before (dino_model_packed()), and who owns them. */
struct dino_packed
{
  const void *data; /* aligned to DINO_ALIGNMENT; NULL: there are none */
  size_t      n_bytes;
  void       *owner;
  bool (*is_damaged) (void *owner);
  void (*release) (void *owner);
};

struct dino_model_options
{
  const char         *processor_path; /* NULL: beside the model */
  enum dino_precision precision;
  enum dino_isa       isa;  /* weights are laid out for it; clamped to what the processor has */
  struct dino_team   *team; /* who reads and packs; NULL: the calling thread */

  const struct dino_calibrator *calibrator; /* for 8 bits; NULL: activations are taken as they are */

  /* Nothing is read but headers and configurations; taken over, whatever the
   * outcome. Of another size than the model's: DINO_CODE_FORMAT. */
  struct dino_packed packed;
};

/* What NULL stands for: the model's own processor, float32, the best
 * instruction set, one thread. */
struct dino_model_options dino_model_options_default (void);

/* Loads a directory in the Hugging Face layout (config.json,
 * preprocessor_config.json and model.safetensors or
 * model.safetensors.index.json with its shards), or one .safetensors file
 * whose names are known (Hugging Face's, the original DINOv2 code's or timm's,
 * all with the same prefix or none): then dimensions come from the shapes, heads =
 * width / 64, and the processor from processor_path or from a
 * preprocessor_config.json beside the file, else the model is refused.
 *
 * options may be NULL. A precision that isa cannot compute in is refused
 * (dino_precision_isa()). Names, dtypes and shapes of all tensors are
 * checked against one table first; everything missing, wrong or extra is
 * listed in one error. Weights are read, not mapped, brought to float32 and
 * packed for the precision by all threads of the team. Progress counts tensors
 * read. */
struct dino_model *dino_model_load (const char *path, const struct dino_model_options *options, const struct dino_progress *progress, struct dino_error *error);

/* What the headers and configurations of a model say. */
struct dino_model_facts
{
  bool                  has_config;
  struct dino_config    config; /* with has_config */
  struct dino_processor processor;
  uint64_t              n_parameters; /* used at inference */
  uint64_t              n_bytes;      /* of the files with weights, 0 when there are none */
};

/* Everything that dino_model_load() checks, without reading a weight. False
 * with error set when loading would fail; facts then says what is known
 * nevertheless: n_bytes and perhaps config. */
bool dino_model_inspect (const char *path, const char *processor_path, struct dino_model_facts *facts, struct dino_error *error);

struct dino_model *dino_model_ref (struct dino_model *model);
void               dino_model_unref (struct dino_model *model);

const struct dino_config    *dino_model_config (const struct dino_model *model);
const struct dino_processor *dino_model_processor (const struct dino_model *model);
const struct dino_weights   *dino_model_weights (const struct dino_model *model);

/* All weights in one piece, as laid out and packed for the precision and the
 * instruction set; mapped elsewhere they serve again. */
const void *dino_model_packed (const struct dino_model *model, size_t *n_bytes);

/* Whether weights were lost since: the file that they are mapped from was cut
 * short. Results since then are worth nothing. */
bool dino_model_is_damaged (const struct dino_model *model);

/* What a person calls it: the name in a Hugging Face cache path
 * ("microsoft/rad-dino"), else the directory's or file's base name. */
const char *dino_model_name (const struct dino_model *model);

/* The path given to dino_model_load(). */
const char *dino_model_path (const struct dino_model *model);

/* The files that the weights came from, in order; their hashes identify the
 * model (one file: its sha256; shards: the sha256 of the index file). */
const char *dino_model_identity_path (const struct dino_model *model);

/* What it computes in, and the instruction set that it is laid out for. */
enum dino_precision dino_model_precision (const struct dino_model *model);
enum dino_isa       dino_model_isa (const struct dino_model *model);

/* What its calibrator looked at; NULL without one. */
const char *dino_model_calibration_sha256 (const struct dino_model *model);

/* As stored in the file: the dtype of the patch embedding. */
enum dino_dtype dino_model_stored_dtype (const struct dino_model *model);

/* Parameters used at inference, and bytes of memory held. */
uint64_t dino_model_n_parameters (const struct dino_model *model);
uint64_t dino_model_memory (const struct dino_model *model);
