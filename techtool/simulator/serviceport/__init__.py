"""What all simulated devices at a service port share: a pseudo terminal, a clock, and lines that move them.

``device.Device`` is what each of them is, without clock or terminal; ``runner.run`` puts one on one.
"""
