"""Cameras, barcodes and models: pictures in, detections out."""
