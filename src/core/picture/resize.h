/* Pillow's resampling (libImaging/Resample.c), bit for bit. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "core/base/error.h"

/* BICUBIC (a = -0.5, support grows with the reduction) on 8-bit samples:
 * source is [height, width, channels], target [new_height, new_width,
 * channels]. Horizontal pass first, rounded to 8 bits between the passes; a
 * pass whose dimension does not change is skipped. (Like Pillow, a picture more
 * than 100 times higher than wide is made lower before it is made wider or
 * narrower.) */
bool dino_resize_bicubic (const uint8_t     *source,
                          int                width,
                          int                height,
                          int                channels,
                          uint8_t           *target,
                          int                new_width,
                          int                new_height,
                          struct dino_error *error);

/* Only the box at (left, top) of the resized picture: the same pixels, target
 * is [box_height, box_width, channels]. The box lies inside. */
bool dino_resize_bicubic_box (const uint8_t     *source,
                              int                width,
                              int                height,
                              int                channels,
                              int                new_width,
                              int                new_height,
                              int                left,
                              int                top,
                              int                box_width,
                              int                box_height,
                              uint8_t           *target,
                              struct dino_error *error);

/* Area average for the display, source [height, width, channels] to
 * [new_height, new_width, channels]; new sizes at most the old. Every target
 * pixel is the exactly weighted mean of the source area it covers. */
bool dino_resize_area (const uint8_t     *source,
                       int                width,
                       int                height,
                       int                channels,
                       uint8_t           *target,
                       int                new_width,
                       int                new_height,
                       struct dino_error *error);

/* The same for one plane of 16-bit samples. */
bool dino_resize_area16 (const uint16_t *source, int width, int height, uint16_t *target, int new_width, int new_height, struct dino_error *error);
