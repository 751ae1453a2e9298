/* What dinoscope-dicom writes to the program: one picture, or one reason why
 * there is none. Little-endian, versioned, every length and range checked by
 * the reader, which trusts nothing that comes from the helper. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"

/* Why a file is refused. What a and b count, and what text names, stands beside each. */
enum dino_dicom_reason
{
  DINO_DICOM_MALFORMED = 1, /* text: where parsing ended */
  DINO_DICOM_TOO_LARGE,     /* the file; a: the limit in MiB */
  DINO_DICOM_SYNTAX,        /* text: the transfer syntax */
  DINO_DICOM_NO_PIXELS,     /* text: the kind of object, or "" */
  DINO_DICOM_FLOAT,
  DINO_DICOM_COLOUR,     /* text: the photometric interpretation */
  DINO_DICOM_FRAMES,     /* a: how many */
  DINO_DICOM_NO_FRAME,   /* a: asked for, b: how many */
  DINO_DICOM_BITS,       /* a: bits allocated, b: bits stored */
  DINO_DICOM_SIZE,       /* a: columns, b: rows, beyond the limits */
  DINO_DICOM_SHORT,      /* a: bytes of pixel data that are there, b: bytes that are needed */
  DINO_DICOM_CODESTREAM, /* a, b: columns and rows of the compressed picture, unlike the header's */
  DINO_DICOM_DECODING,   /* text: the transfer syntax */
  DINO_DICOM_TABLE,      /* text: "modality" or "VOI": a lookup table that makes no sense */
  DINO_DICOM_MEMORY,
  DINO_DICOM_N_REASONS
};

#define DINO_DICOM_TEXT 128

struct dino_dicom_refusal
{
  enum dino_dicom_reason reason;
  int64_t                a, b;
  char                   text[DINO_DICOM_TEXT]; /* printable ASCII, never from a header's free text */
};

/* Bytes of a message's head: magic and version, kind, length of what follows
 * it, number of pixels. */
#define DINO_DICOM_HEAD 24

struct dino_dicom_head
{
  bool     refused;
  uint32_t length; /* bytes of the description or refusal after the head */
  uint32_t width, height;
};

/* At most this much describes a picture. */
#define DINO_DICOM_MAX_DESCRIPTION ((size_t) 16 << 20)

/* The head and description of a picture (16 bits); the samples follow as they
 * are, width * height little-endian uint16. NULL when memory cannot be had;
 * dino_free() it. */
uint8_t *dino_dicom_message_pack (const struct dino_picture *picture, size_t *length, struct dino_error *error);
uint8_t *dino_dicom_message_pack_refusal (const struct dino_dicom_refusal *refusal, size_t *length, struct dino_error *error);

/* False for anything that this version does not write. */
bool dino_dicom_message_read_head (const uint8_t data[DINO_DICOM_HEAD], struct dino_dicom_head *head);

/* A picture whose samples are still to be read into samples16, or NULL. */
struct dino_picture *dino_dicom_message_unpack (const struct dino_dicom_head *head, const uint8_t *data, struct dino_error *error);
bool                 dino_dicom_message_unpack_refusal (const uint8_t *data, size_t length, struct dino_dicom_refusal *refusal);
