/* Why a PNG or JPEG is not read: numbers, so that a process that has seen a
 * hostile file can tell another one that puts it into words. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"

/* What a and b count, and what text has, stands beside each. */
enum dino_refusal_reason
{
  DINO_REFUSED_NOT = 0,
  DINO_REFUSED_MEMORY, /* a: bytes that could not be had */
  DINO_REFUSED_FILE,   /* a: the errno with which reading it failed */
  DINO_REFUSED_SIZE,   /* a, b: columns and rows, none or beyond the limits */
  DINO_REFUSED_PNG,    /* text: what libpng says */
  DINO_REFUSED_PNG_HEADER,
  DINO_REFUSED_PNG_TRUNCATED,
  DINO_REFUSED_PNG_CHUNK,
  DINO_REFUSED_PNG_PALETTE,
  DINO_REFUSED_PNG_START,
  DINO_REFUSED_MASK_COLOUR,
  DINO_REFUSED_MASK_BITS,
  DINO_REFUSED_JPEG, /* text: what libjpeg says */
  DINO_REFUSED_JPEG_TRUNCATED,
  DINO_REFUSED_JPEG_MEMORY,
  DINO_REFUSED_JPEG_PRECISION,
  DINO_REFUSED_JPEG_LOSSLESS,
  DINO_REFUSED_JPEG_ARITHMETIC,
  DINO_REFUSED_JPEG_COMPONENTS,
  DINO_REFUSED_JPEG_SCANS,
  DINO_REFUSED_N_REASONS
};

/* libjpeg's messages have at most 200. */
#define DINO_REFUSAL_TEXT 200

/* Zero it before use. */
struct dino_refusal
{
  enum dino_refusal_reason reason;
  uint64_t                 a, b;
  char                     text[DINO_REFUSAL_TEXT]; /* printable ASCII */
};

/* Each returns false, so that a function can end with it. The first refusal
 * stays: a second one changes nothing. text may be NULL. */
bool dino_refuse (struct dino_refusal *refusal, enum dino_refusal_reason reason, const char *text);
bool dino_refuse_memory (struct dino_refusal *refusal, uint64_t bytes);
bool dino_refuse_file (struct dino_refusal *refusal, int problem);

/* Is a picture that claims this size one that is decoded? Asked before
 * anything of that size is allocated. */
bool dino_refuse_size (struct dino_refusal *refusal, uint64_t width, uint64_t height);

/* In the person's words, name standing for the file; returns false. */
bool dino_refusal_tell (const struct dino_refusal *refusal, const char *name, struct dino_error *error);

/* picture, measured; where there is none, or that fails, NULL with error set. */
struct dino_picture *dino_refusal_settle (struct dino_picture *picture, const struct dino_refusal *refusal, const char *name, struct dino_error *error);
