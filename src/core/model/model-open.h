/* A model's configurations and tensors, checked against each other before any
 * weight is read. */
#pragma once

#include "core/model/checkpoint.h"
#include "core/model/config.h"

struct dino_model_parts
{
  struct dino_checkpoint *checkpoint;
  struct dino_config      config;
  struct dino_processor   processor;
  struct dino_source     *sources; /* [n_sources], as dino_checkpoint_match() */
  size_t                  n_sources;
};

/* path and processor_path as of dino_model_load(). Clear parts in either case;
 * start with zeros. */
bool dino_model_open (struct dino_model_parts *parts, const char *path, const char *processor_path, struct dino_error *error);
void dino_model_parts_clear (struct dino_model_parts *parts);
