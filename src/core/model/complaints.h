/* Everything that is wrong with the tensors of a checkpoint, in one message. */
#pragma once

#include <stddef.h>

#include "core/base/error.h"

enum dino_complaint_kind
{
  DINO_COMPLAINT_MISSING,
  DINO_COMPLAINT_NOT_IN_SHARD,
  DINO_COMPLAINT_SHAPE,
  DINO_COMPLAINT_DTYPE,
  DINO_COMPLAINT_UNEXPECTED,
  DINO_COMPLAINT_REPEATED,
  DINO_COMPLAINT_NOT_IN_INDEX
};

struct dino_complaint;

/* Start with zeros, end with dino_complaints_clear(). */
struct dino_complaints
{
  struct dino_complaint *list;
  size_t                 n;
  size_t                 n_dropped; /* more than are kept */
};

/* About the tensor "<head_length bytes of head><block>.<rest>", or rest alone
 * when block is negative. detail, which may be empty, is told in brackets.
 * All are copied, and cut when long. False with error set without memory. */
bool dino_complaints_add (struct dino_complaints  *complaints,
                          enum dino_complaint_kind kind,
                          const char              *head,
                          size_t                   head_length,
                          int                      block,
                          const char              *rest,
                          const char              *detail,
                          struct dino_error       *error);

/* True when there are none. Else an error about path that lists them, one a
 * line; the same complaint about several blocks is one line. */
bool dino_complaints_report (struct dino_complaints *complaints, const char *path, struct dino_error *error);

void dino_complaints_clear (struct dino_complaints *complaints);
