/* The published tables behind core/maps/colormap.h. */
#pragma once

#include <stdint.h>

extern const uint8_t dino_table_viridis[256][3];
extern const uint8_t dino_table_magma[256][3];
extern const uint8_t dino_table_inferno[256][3];
extern const uint8_t dino_table_cividis[256][3];
extern const uint8_t dino_table_grey[256][3];
extern const uint8_t dino_table_vik[256][3];
extern const uint8_t dino_table_turbo[256][3];
