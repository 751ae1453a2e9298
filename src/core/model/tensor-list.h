/* The header of a safetensors file as a checked list of tensors. */
#pragma once

#include <jansson.h>

#include "core/model/safetensors.h"

struct dino_tensor_list
{
  size_t              n;
  struct dino_tensor *tensors; /* [n], in the order of their data */
  char               *names;   /* the texts that tensors point into */
};

/* Takes every tensor out of header and checks it: known type, shape and
 * offsets of whole numbers that agree with each other, no overflow, no overlap
 * and no hole, and the last one ends after data_size bytes. path is for
 * messages. Fill list with zeros before; clear it in any case. */
bool dino_tensor_list_parse (struct dino_tensor_list *list, json_t *header, const char *path, uint64_t data_size, struct dino_error *error);
void dino_tensor_list_clear (struct dino_tensor_list *list);
