/* Where the picture lies in its viewport: pure arithmetic, no widgets. */
#pragma once

#include <stdbool.h>

#include "core/picture/geometry.h"

/* A picture seen through a viewport. Points "of the picture" are in its pixels
 * before it is turned; points "of the widget" are in device-independent pixels,
 * origin at the viewport's top left corner. On the screen the picture is first
 * turned and then mirrored.
 *
 * Functions that change the view leave it laid out; after a field was set by
 * hand, dinoscope_view_layout() is called. */
typedef struct
{
  int    picture_width, picture_height; /* 0 when there is no picture */
  double width, height;                 /* the viewport */
  int    scale;                         /* device pixels a device-independent pixel */
  int    turns;                         /* 0 … 3 quarter turns clockwise */
  bool   flipped;                       /* mirrored left to right, after turning */
  bool   fitted;                        /* zoom follows the viewport */
  double zoom;                          /* device-independent pixels a picture pixel */
  double center_x, center_y;            /* the point of the picture in the middle of the viewport */
} DinoscopeView;

/* No picture, fitted, one device pixel a device-independent pixel. */
void dinoscope_view_init (DinoscopeView *view);

/* Neither picture nor viewport are empty. */
bool dinoscope_view_is_usable (const DinoscopeView *view);

/* Brings zoom and centre within their limits: a fitted view fits; a picture
 * smaller than the viewport is centred, a larger one leaves no gap. */
void dinoscope_view_layout (DinoscopeView *view);

/* The two coordinate functions; inverse to each other. The picture's corner
 * lies on whole device pixels. */
void dinoscope_view_to_widget (const DinoscopeView *view, double x, double y, double *widget_x, double *widget_y);
void dinoscope_view_to_picture (const DinoscopeView *view, double widget_x, double widget_y, double *x, double *y);

/* The same for boxes, corners put in order. */
struct dino_box dinoscope_view_box_to_widget (const DinoscopeView *view, struct dino_box box);
struct dino_box dinoscope_view_box_to_picture (const DinoscopeView *view, struct dino_box box);

/* The part of the picture that can be seen, in its pixels. */
struct dino_box dinoscope_view_visible (const DinoscopeView *view);

/* Zooms: the whole picture, a picture pixel a device pixel, and the limits. */
double dinoscope_view_fit_zoom (const DinoscopeView *view);
double dinoscope_view_original_zoom (const DinoscopeView *view);
double dinoscope_view_smallest_zoom (const DinoscopeView *view);
double dinoscope_view_largest_zoom (const DinoscopeView *view);

/* Device pixels a picture pixel. */
double dinoscope_view_resolution (const DinoscopeView *view);

/* The zoom some steps in (or out, negative) from here. Steps that are not tiny
 * stop at the fit and at the original size when these lie on their way. */
double dinoscope_view_step (const DinoscopeView *view, double steps);

/* Shows the whole picture and follows the viewport from now on. */
void dinoscope_view_fit (DinoscopeView *view);

/* Brings a point of the picture under a point of the widget, as near as the limits allow. */
void dinoscope_view_place (DinoscopeView *view, double zoom, double x, double y, double widget_x, double widget_y);

/* Zooms so that the point of the widget stays over the same point of the picture. */
void dinoscope_view_zoom_at (DinoscopeView *view, double zoom, double widget_x, double widget_y);

/* Moves the picture by some device-independent pixels. */
void dinoscope_view_pan (DinoscopeView *view, double dx, double dy);

/* Moves the picture as little as needed for box (of the picture) to be seen. */
void dinoscope_view_reveal (DinoscopeView *view, struct dino_box box);

/* Turns what is on the screen by a quarter, clockwise or not. */
void dinoscope_view_turn (DinoscopeView *view, bool clockwise);

/* A step on the screen (right and down are positive) as a step in the picture. */
void dinoscope_view_direction (const DinoscopeView *view, int screen_x, int screen_y, int *x, int *y);

/* Size of the picture on the screen, and how far the viewport's corner is
 * into it: what scrollbars show. */
void dinoscope_view_content (const DinoscopeView *view, double *width, double *height, double *left, double *top);
void dinoscope_view_scroll_to (DinoscopeView *view, double left, double top);

/* Gives the view another picture. keep_view keeps the zoom relative to the fit,
 * the relative centre, turns and mirroring; else all are reset. */
void dinoscope_view_set_picture (DinoscopeView *view, int width, int height, bool keep_view);
