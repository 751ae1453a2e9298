/* What dinoscope-picture writes to the program: one picture, or one reason why
 * there is none. Both run on one machine and are of one version, so samples are
 * as they are in memory; still the reader trusts nothing that comes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/picture/picture.h"
#include "io/refusal.h"

/* Bytes of a message before the samples. */
#define DINO_PICTURE_HEAD 256

/* The argument with which a PNG is read as a mask. */
#define DINO_PICTURE_MASK_ARGUMENT "mask"

/* What the picture is, samples left out; or the refusal, where picture is NULL. */
void dino_picture_message_pack (const struct dino_picture *picture, const struct dino_refusal *refusal, uint8_t head[DINO_PICTURE_HEAD]);

/* A picture whose samples are still to be read (dino_picture_message_samples()),
 * or NULL: with refusal set where it is one, with error set where memory is not
 * to be had, with neither where the message makes no sense. */
struct dino_picture *dino_picture_message_unpack (const uint8_t head[DINO_PICTURE_HEAD], struct dino_refusal *refusal, struct dino_error *error);

/* The samples and their number of bytes. */
void *dino_picture_message_samples (const struct dino_picture *picture, size_t *length);
